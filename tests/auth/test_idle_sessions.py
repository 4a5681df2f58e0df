"""Sessions that nobody uses, and what is kept of tokens that were used."""

from datetime import datetime

import pytest

from ecoctrl_gql.auth.passwords import password_hash
from tests.auth.conftest import PASSWORD

UPDATE = """mutation($input: UpdatePlatformConfigInput!) { updatePlatformConfig(input: $input) {
  platformConfig { sessionTimeout enforceSessionTimeout } userErrors { code } } }"""
PASS = """UPDATE refresh_tokens SET last_used_at = last_used_at - %s * interval '1 minute',
  expires_at = expires_at - %s * interval '1 minute'"""
DAYS_7 = 7 * 24 * 60


@pytest.fixture
async def sue(make):
    return await make.user(
        username="Sue", email="sue@example.org", role="super_admin", password=password_hash(PASSWORD)
    )


async def minutes_left(real) -> int:
    """How long the one session goes on unless it is refreshed."""
    [(left,)] = await real.execute("SELECT extract(epoch FROM expires_at - last_used_at) FROM refresh_tokens")
    return round(left / 60)


async def let_pass(real, minutes: int) -> None:
    await real.execute(PASS, minutes, minutes)


async def test_by_default_a_session_lasts_seven_days_whatever_the_timeout(real, ann):
    signed_in = await real.log_in("Ann")
    await let_pass(real, DAYS_7 - 1)
    refreshed = await real.refresh(signed_in["refreshToken"])

    assert refreshed is not None
    assert await minutes_left(real) == DAYS_7
    await let_pass(real, DAYS_7 + 1)
    assert await real.refresh(refreshed["refreshToken"]) is None


@pytest.mark.parametrize(
    ("enforced", "minutes", "lasts"),
    [(True, 30, 45), (True, 1, 16), (True, 0, DAYS_7), (True, 525_600, DAYS_7), (False, 30, DAYS_7)],
)
async def test_idleness_begins_when_the_access_token_expires(real, ann, make, enforced, minutes, lasts):
    await make.platform_config(session_timeout=minutes, enforce_session_timeout=enforced)
    signed_in = await real.log_in("Ann")
    at_first = await minutes_left(real)
    await let_pass(real, lasts - 1)
    refreshed = await real.refresh(signed_in["refreshToken"])

    assert (at_first, await minutes_left(real)) == (lasts, lasts)
    await let_pass(real, lasts + 1)
    assert await real.refresh(refreshed["refreshToken"]) is None
    assert (await real("{ me { username } }", refreshed["accessToken"])).codes == ["UNAUTHENTICATED"]


async def test_a_timeout_that_is_set_counts_for_the_sessions_that_are_there(real, sue, make):
    await make.platform_config(sessions_per_user=0)
    idle = await real.log_in("Sue")
    await let_pass(real, 60)
    token = (await real.log_in("Sue"))["accessToken"]

    answer = await real(UPDATE, token, input={"enforceSessionTimeout": True})
    sessions = (await real("{ mySessions { current expiresAt createdAt } }", token)).data["mySessions"]

    assert answer.data["updatePlatformConfig"] == {
        "platformConfig": {"sessionTimeout": 30, "enforceSessionTimeout": True},
        "userErrors": [],
    }
    assert await real.refresh(idle["refreshToken"]) is None
    [session] = [each for each in sessions if each["current"]]
    lasts = datetime.fromisoformat(session["expiresAt"]) - datetime.fromisoformat(session["createdAt"])
    assert round(lasts.total_seconds() / 60) == 45

    await real(UPDATE, token, input={"sessionTimeout": 120})
    [(left,)] = await real.execute(
        "SELECT round(extract(epoch FROM expires_at - last_used_at) / 60) FROM refresh_tokens"
        " ORDER BY created_at DESC LIMIT 1"
    )
    assert left == 135
    await real(UPDATE, token, input={"enforceSessionTimeout": False})
    assert await real.refresh(idle["refreshToken"]) is None  # what has ended stays so


async def test_the_successor_of_a_spent_token_is_forgotten_after_the_overlap(real, ann):
    stored = "SELECT sealed_successor IS NULL FROM spent_refresh_tokens"
    first = await real.log_in("Ann")
    second = await real.refresh(first["refreshToken"])
    await real.auth.housekeeping.tidy()
    early = await real.execute(stored)
    await real.execute("UPDATE spent_refresh_tokens SET spent_at = spent_at - interval '81 s'")
    await real.auth.housekeeping.tidy()

    assert (early, await real.execute(stored)) == ([(False,)], [(True,)])
    assert await real.refresh(first["refreshToken"]) is None
    assert await real.refresh(second["refreshToken"]) is None  # the replay has ended the chain
    assert await real.execute("SELECT action FROM audit_entries") == [("session.replayed",)]


async def test_a_successor_that_is_forgotten_too_soon_ends_nothing(real, ann):
    first = await real.log_in("Ann")
    second = await real.refresh(first["refreshToken"])
    await real.execute("UPDATE spent_refresh_tokens SET sealed_successor = NULL")

    assert await real.refresh(first["refreshToken"]) is None
    assert await real.refresh(second["refreshToken"]) is not None
