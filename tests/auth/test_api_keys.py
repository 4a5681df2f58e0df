"""API keys, as machines use them."""

import asyncio

import psycopg
import pytest

from tests.auth.conftest import HASHED

CREATE = """mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  key apiKey { id prefix role allowedOperations } userErrors { code field } } }"""
REVOKE = "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { revokedId userErrors { code } } }"
ALERT = 'mutation { createAlert(input: {device: "a", level: LOW, message: "b"}) { alert { id } } }'


async def made(real, token, **values) -> dict:
    answer = await real(CREATE, token, input={"name": "Gateway"} | values)
    assert answer.data["createApiKey"]["userErrors"] == []
    return answer.data["createApiKey"]


async def forgotten(real) -> None:
    """Wait until nothing is remembered of callers."""
    await asyncio.sleep(0.6)


async def test_a_key_calls_in_the_name_of_who_made_it(real, ann):
    token = (await real.log_in("Ann"))["accessToken"]
    key = await made(real, token, role="OPERATOR")

    me = await real("{ me { username role } }", key["key"])
    raised = await real(ALERT, key["key"])
    stored = str(await real.execute("SELECT * FROM api_keys"))
    used = (await real("{ apiKeys { lastUsedAt prefix } }", token)).data["apiKeys"]

    assert key["key"].startswith(key["apiKey"]["prefix"])
    assert me.data["me"] == {"username": "Ann", "role": "OPERATOR"}
    assert raised.errors == []
    assert key["key"] not in stored
    assert used[0]["lastUsedAt"] is not None


async def test_a_key_may_do_no_more_than_its_role_and_its_maker_s(real, ann):
    token = (await real.log_in("Ann"))["accessToken"]
    too_much = await real(CREATE, token, input={"name": "x", "role": "ADMIN"})
    key = await made(real, token, role="OPERATOR")
    low = await made(real, token, role="VIEWER")

    assert too_much.data["createApiKey"]["userErrors"] == [
        {"code": "BAD_USER_INPUT", "field": ["input", "role"]}
    ]
    assert (await real(ALERT, low["key"])).codes[0] == "FORBIDDEN"
    assert (await real(ALERT, key["key"])).errors == []
    await real.execute("UPDATE users SET role = 'viewer'")
    await forgotten(real)
    assert (await real(ALERT, key["key"])).codes[0] == "FORBIDDEN"


async def test_a_key_is_held_to_its_operations(real, ann):
    token = (await real.log_in("Ann"))["accessToken"]
    unknown = await real(CREATE, token, input={"name": "x", "allowedOperations": ["dropEverything"]})
    key = await made(real, token, role="OPERATOR", allowedOperations=["createAlert", "me"])

    assert unknown.data["createApiKey"]["userErrors"] == [
        {"code": "BAD_USER_INPUT", "field": ["input", "allowedOperations", "0"]}
    ]
    assert (await real(ALERT, key["key"])).errors == []
    assert (await real("{ me { permissions } }", key["key"])).data["me"]["permissions"] == [
        "createAlert",
        "me",
    ]
    refused = await real("{ alerts { totalCount } }", key["key"])
    assert (refused.codes, refused.data) == (["FORBIDDEN"], None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE api_keys SET expires_at = now()",
        "DELETE FROM api_keys",
        "UPDATE users SET status = 'disabled'",
        "DELETE FROM users",
    ],
)
async def test_a_key_ends_within_a_second(real, ann, change):
    key = await made(real, (await real.log_in("Ann"))["accessToken"])
    assert (await real("{ alerts { totalCount } }", key["key"])).errors == []

    await real.execute(change)
    await forgotten(real)

    assert (await real("{ alerts { totalCount } }", key["key"])).codes == ["UNAUTHENTICATED"]


async def test_a_key_does_nothing_to_accounts(real, ann):
    token = (await real.log_in("Ann"))["accessToken"]
    key = (await made(real, token, role="OPERATOR"))["key"]
    change = """mutation { changePassword(input: {newPassword: "something"}) { userErrors { code } } }"""

    made_by_key = (await real(CREATE, key, input={"name": "x"})).data["createApiKey"]
    changed = (await real(change, key)).data["changePassword"]

    assert [each["userErrors"][0]["code"] for each in (made_by_key, changed)] == ["FORBIDDEN"] * 2
    assert (await real("mutation { endOtherSessions }", key)).codes == ["FORBIDDEN"]


async def test_keys_are_revoked_by_their_owner_and_by_who_is_above(real, ann, make):
    await make.platform_config(sessions_per_user=0)
    await make.user(username="adm", role="admin", password=HASHED)
    await make.user(username="bob", role="operator", password=HASHED)
    ann_s, admin_s, bob_s = [(await real.log_in(name))["accessToken"] for name in ("Ann", "adm", "bob")]
    one, two = [(await made(real, ann_s))["apiKey"]["id"] for _ in range(2)]

    stranger = (await real(REVOKE, bob_s, id=one)).data["revokeApiKey"]
    owner = (await real(REVOKE, ann_s, id=one)).data["revokeApiKey"]
    above = (await real(REVOKE, admin_s, id=two)).data["revokeApiKey"]

    assert stranger["userErrors"] == [{"code": "NOT_FOUND"}]
    assert (owner["revokedId"], above["revokedId"]) == (one, two)


async def test_the_audit_log_can_only_grow(real, ann):
    await made(real, (await real.log_in("Ann"))["accessToken"])
    for change in (
        "UPDATE audit_entries SET action = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            async with real.db._pool.connection() as connection:
                await connection.execute(change)

    assert await real.execute("SELECT action FROM audit_entries") == [("api_key.created",)]
