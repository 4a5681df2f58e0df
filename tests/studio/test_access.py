"""What an admin may not do to those above and beside."""

from typing import Any

import pytest

from tests.studio.browsing import Browser
from tests.studio.samples import ADMIN, PEER, SUPER, VIEWER, WORKFLOW, Rows


async def users(rows: Rows) -> list[dict[str, Any]]:
    return await rows.fetch("SELECT id::text, username, role, status FROM users ORDER BY id")


@pytest.mark.parametrize("key", [SUPER, PEER, ADMIN])
async def test_admin_does_not_touch_its_equals_and_betters(ada: Browser, rows: Rows, key: str) -> None:
    before = await users(rows)
    assert (await ada.get(f"/studio/users/edit?pk={key}")).status_code == 403
    token = ada.cookies["starlette_admin_csrftoken"]
    posted = await ada.post(
        f"/studio/users/edit?pk={key}",
        data={"csrftoken": token, "username": "x", "email": "x@y", "role": "viewer"},
    )
    assert posted.status_code == 403
    for path, parameters in (("row-action", {"pk": key}), ("action", {"pks": key})):
        answer = await ada.action(f"/studio/_api/users/{path}", "delete", **parameters)
        assert answer.status_code == 400
    assert await users(rows) == before


async def test_admin_manages_users_below(ada: Browser, rows: Rows) -> None:
    answer = await ada.submit(f"/studio/users/edit?pk={VIEWER}", {"role": "operator", "status": "disabled"})
    assert "successfully" in answer.text
    row = await rows.one("SELECT role, status FROM users WHERE id = %s", VIEWER)
    assert row == {"role": "operator", "status": "disabled"}


@pytest.mark.parametrize("role", ["admin", "super_admin"])
async def test_admin_raises_nobody_to_its_own_rank(ada: Browser, rows: Rows, role: str) -> None:
    before = await users(rows)
    raised = await ada.submit(f"/studio/users/edit?pk={VIEWER}", {"role": role})
    made = await ada.submit(
        "/studio/users/create", {"username": "new", "email": "new@example.com", "role": role}
    )
    for answer in (raised, made):
        assert answer.status_code == 422
        assert "Only a super admin may give this role." in answer.text
    assert await users(rows) == before


async def test_batch_with_one_better_deletes_nobody(ada: Browser, rows: Rows) -> None:
    before = await users(rows)
    answer = await ada.action("/studio/_api/users/action", "delete", pks=[VIEWER, SUPER])
    assert answer.status_code == 400
    assert answer.json()["msg"] == "Only a super admin may do this to somebody of that rank."
    assert await users(rows) == before


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("oauth_accounts", {"user_id": SUPER, "provider": "wechat", "provider_user_id": "mine"}),
        ("user_settings", {"user_id": SUPER}),
        ("workflows", {"name": "x", "dsl": '{"a": 1}', "user_id": SUPER}),
    ],
)
async def test_admin_puts_no_row_under_a_betters_name(
    ada: Browser, rows: Rows, table: str, values: dict[str, str]
) -> None:
    answer = await ada.submit(f"/studio/{table}/create", values)
    assert answer.status_code == 422
    assert "somebody of that rank" in answer.text
    assert SUPER not in {str(row["user_id"]) for row in await rows.all(table)}


async def test_admin_moves_no_row_to_a_better(ada: Browser, rows: Rows) -> None:
    for table in ("oauth_accounts", "refresh_tokens", "workflows"):
        answer = await ada.submit(f"/studio/{table}/edit?pk={await rows.key(table)}", {"user_id": SUPER})
        assert answer.status_code == 422
        assert SUPER not in {str(row["user_id"]) for row in await rows.all(table)}


async def test_admin_leaves_a_betters_rows_alone(ada: Browser, rows: Rows) -> None:
    await rows.fetch("UPDATE refresh_tokens SET user_id = %s", SUPER)
    key = await rows.key("refresh_tokens")
    assert (await ada.get(f"/studio/refresh_tokens/edit?pk={key}")).status_code == 403
    answer = await ada.action("/studio/_api/refresh_tokens/row-action", "delete", pk=key)
    assert answer.status_code == 400
    assert len(await rows.fetch("SELECT 1 FROM refresh_tokens")) == 1


async def test_work_of_a_better_stays_editable(ada: Browser, rows: Rows) -> None:
    await rows.fetch("UPDATE workflows SET user_id = %s", SUPER)
    answer = await ada.submit(f"/studio/workflows/edit?pk={WORKFLOW}", {"name": "Renamed"})
    assert "successfully" in answer.text
    row = await rows.one("SELECT name, user_id::text FROM workflows")
    assert row == {"name": "Renamed", "user_id": SUPER}


async def test_configuration_is_for_super_admins(ada: Browser, sue: Browser, rows: Rows) -> None:
    key = await rows.key("platform_configs")
    for path in ("list", f"detail?pk={key}", f"edit?pk={key}", "create"):
        assert (await ada.get(f"/studio/platform_configs/{path}")).status_code == 403
    assert (await ada.get("/studio/_api/platform_configs/relation-lookup")).status_code == 403
    assert "/studio/platform_configs/" not in (await ada.get("/studio/")).text
    exported = await ada.action("/studio/_api/platform_configs/action", "export", data={"format": "json"})
    assert exported.status_code == 400
    values = {"platform_name": "New name"}
    await sue.submit(f"/studio/platform_configs/edit?pk={key}", values)
    assert (await rows.one("SELECT platform_name FROM platform_configs")) == values


async def test_super_admin_manages_everybody(sue: Browser, rows: Rows) -> None:
    for key, role in ((PEER, "super_admin"), (ADMIN, "viewer")):
        answer = await sue.submit(f"/studio/users/edit?pk={key}", {"role": role})
        assert "successfully" in answer.text
        assert await rows.one("SELECT role FROM users WHERE id = %s", key) == {"role": role}


@pytest.mark.parametrize("values", [{"role": "viewer"}, {"status": "disabled"}])
async def test_nobody_shuts_themselves_out(sue: Browser, rows: Rows, values: dict[str, str]) -> None:
    before = await users(rows)
    answer = await sue.submit(f"/studio/users/edit?pk={SUPER}", values)
    assert answer.status_code == 422
    deleted = await sue.action("/studio/_api/users/row-action", "delete", pk=SUPER)
    assert deleted.status_code == 400
    assert await users(rows) == before
