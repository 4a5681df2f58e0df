"""What is done in the studio stands in the audit log."""

from typing import Any

import pytest

from tests.studio.browsing import Browser
from tests.studio.samples import ADMIN, ALERT, CANARY, SUPER, VIEWER, Rows

ENTRIES = """SELECT action, node_id, details, actor_id::text, actor_name, address FROM audit_entries
  WHERE starts_with(action, 'studio.') ORDER BY id"""


async def noted(rows: Rows) -> list[dict[str, Any]]:
    return await rows.fetch(ENTRIES)


async def test_a_change_is_noted_with_its_columns(ada: Browser, rows: Rows) -> None:
    await ada.submit(f"/studio/alerts/edit?pk={ALERT}", {"status": "acknowledged"})

    assert await noted(rows) == [
        {
            "action": "studio.alerts.changed",
            "node_id": f"alert_{ALERT}",
            "details": {"changed": ["status"]},
            "actor_id": ADMIN,
            "actor_name": "ada",
            "address": "203.0.113.5",
        }
    ]


async def test_of_users_the_role_is_noted(sue: Browser, rows: Rows) -> None:
    await sue.submit("/studio/users/create", {"username": "new", "email": "new@example.com"})
    await sue.submit(f"/studio/users/edit?pk={VIEWER}", {"role": "operator"})
    await sue.action("/studio/_api/users/row-action", "delete", pk=VIEWER)
    [made] = await rows.fetch("SELECT id::text FROM users WHERE username = 'new'")

    entries = [(each["action"], each["node_id"], each["details"]) for each in await noted(rows)]
    assert entries == [
        ("studio.users.created", f"user_{made['id']}", {"username": "new", "role": "viewer"}),
        (
            "studio.users.changed",
            f"user_{VIEWER}",
            {"changed": ["role"], "username": "vic", "role": "operator"},
        ),
        ("studio.users.deleted", f"user_{VIEWER}", {"username": "vic", "role": "operator"}),
    ]
    assert {each["actor_id"] for each in await noted(rows)} == {SUPER}


async def test_what_is_refused_is_not_noted(ada: Browser, rows: Rows) -> None:
    await ada.submit("/studio/alerts/create", {"device": "", "level": "low", "message": "x"})
    await ada.action("/studio/_api/users/row-action", "delete", pk=SUPER)

    assert await noted(rows) == []


@pytest.mark.parametrize("table", ["platform_configs", "iot_tokens"])
async def test_no_secret_is_noted(sue: Browser, rows: Rows, table: str) -> None:
    key = await rows.key(table)
    await sue.submit(f"/studio/{table}/edit?pk={key}", {"smtp_host": "other.example.com", "expires_at": "5"})

    entries = await noted(rows)
    assert [entry["action"] for entry in entries] == [f"studio.{table}.changed"]
    assert CANARY not in str(entries)
