"""No answer of the studio holds a secret, and no form changes one."""

import pytest

from ecoctrl_gql.db import tables
from ecoctrl_gql.db.records import secret_columns
from tests.studio.browsing import Browser
from tests.studio.samples import CANARY, ROWS, Rows

ROW_TYPES = [getattr(tables, name) for name in tables.__all__]
SHOWN = [row for row in ROW_TYPES if "internal" not in row.__table__.info]
SECRETS = {row.__tablename__: secret_columns(row) for row in SHOWN if secret_columns(row)}


def test_the_secret_columns_are_declared() -> None:
    assert {
        "api_keys": {"key_hash"},
        "iot_tokens": {"access_token", "refresh_token"},
        "oauth_accounts": {"access_token", "refresh_token"},
        "platform_configs": {"smtp_pass"},
        "refresh_tokens": {"token_hash"},
        "users": {"password"},
    } == SECRETS
    planted = {(table, name) for table in ROWS for name, value in ROWS[table].items() if CANARY in str(value)}
    assert planted == {(table, name) for table in SECRETS if table != "users" for name in SECRETS[table]}


async def test_tables_of_the_product_alone_are_not_shown(sue: Browser) -> None:
    hidden = [row.__tablename__ for row in ROW_TYPES if row not in SHOWN]
    overview = await sue.get("/studio/")
    for table in hidden:
        assert table not in overview.text
        assert (await sue.get(f"/studio/{table}/list")).status_code == 404

    assert {
        "oauth_states",
        "oauth_tickets",
        "rate_limits",
        "spent_refresh_tokens",
        "verification_codes",
        "event_readers",
        "workflow_holds",
        "workflow_steps",
        "workflow_triggers",
    } == set(hidden)


async def test_secrets_are_in_no_answer(sue: Browser, rows: Rows) -> None:
    hashes = [row["password"] for row in await rows.fetch("SELECT password FROM users")]
    for table in SECRETS:
        key = await rows.key(table)
        for path in (
            f"{table}/list",
            f"{table}/detail?pk={key}",
            f"{table}/edit?pk={key}",
            f"{table}/create",
            f"_api/{table}/relation-lookup",
            f"_api/{table}/relation-lookup?pks={key}",
            f"_api/{table}/inline-edit/row?pk={key}",
        ):
            answer = await sue.get(f"/studio/{path}")
            assert CANARY not in answer.text
            assert not any(hashed in answer.text for hashed in hashes)


async def test_secrets_are_not_exported(sue: Browser) -> None:
    for table, names in SECRETS.items():
        for kind in ("csv", "json"):
            answer = await sue.action(
                f"/studio/_api/{table}/action",
                "export",
                data={"format": kind, "scope": "page", "fields": ["id", *names]},
            )
            assert answer.status_code == 200
            assert CANARY not in answer.text
            assert "$2b$" not in answer.text


async def test_secrets_can_be_asked_for_in_no_way(sue: Browser, rows: Rows) -> None:
    for table, names in SECRETS.items():
        key = await rows.key(table)
        for name in names:
            filtered = await sue.get(f"/studio/{table}/list?filter={name}__startswith=C")
            assert filtered.status_code == 400
            inline = await sue.get(f"/studio/_api/{table}/inline-edit?field={name}&pk={key}")
            assert inline.status_code == 403
            columns = await sue.get(f"/studio/{table}/list?cols={name}&sort={name}__asc")
            assert f'data-column="{name}"' not in columns.text


@pytest.mark.parametrize("term", [CANARY, "$2b$"])
async def test_secrets_are_not_searched(sue: Browser, term: str) -> None:
    for table in SECRETS:
        for answer in (
            await sue.get(f"/studio/{table}/list", params={"q": term}),
            await sue.get(f"/studio/_api/{table}/relation-lookup", params={"q": term}),
        ):
            assert answer.status_code == 200
            assert "data-sa-pk=" not in answer.text
            assert '"detailUrl"' not in answer.text


async def test_secrets_are_not_written(sue: Browser, rows: Rows) -> None:
    for table, names in SECRETS.items():
        key = await rows.key(table)
        before = await rows.all(table)
        answer = await sue.submit(f"/studio/{table}/edit?pk={key}", dict.fromkeys(names, "new"))
        assert "successfully" in answer.text
        assert await rows.all(table) == before


async def test_rows_that_need_a_secret_are_not_made_here(sue: Browser) -> None:
    for table in ("refresh_tokens", "iot_tokens"):
        assert (await sue.get(f"/studio/{table}/create")).status_code == 403
