"""Sessions: refresh, replay, devices, and their end."""

import asyncio

import pytest

MY_SESSIONS = "{ mySessions { id current device } }"
AUDITED = "SELECT action, details->>'session' FROM audit_entries ORDER BY id"


async def expire_overlap(real) -> None:
    """Let the time pass in which a spent token may be used once more."""
    await real.execute("UPDATE spent_refresh_tokens SET spent_at = spent_at - interval '21 s'")


async def test_a_refresh_gives_new_tokens(real, ann):
    first = await real.log_in("Ann")
    second = await real.refresh(first["refreshToken"])
    third = await real.refresh(second["refreshToken"])

    tokens = {each["refreshToken"] for each in (first, second, third)}
    assert len(tokens) == 3
    for each in (first, second, third):
        assert (await real("{ me { username } }", each["accessToken"])).data["me"] == {"username": "Ann"}
    assert third["user"] == {"username": "Ann", "role": "OPERATOR"}


async def test_a_lost_answer_or_a_second_tab_gets_the_same_chain(real, ann):
    first = await real.log_in("Ann")

    both = await asyncio.gather(*(real.refresh(first["refreshToken"]) for _ in range(5)))
    later = await real.refresh(both[0]["refreshToken"])
    late_tab = await real.refresh(first["refreshToken"])

    assert len({each["refreshToken"] for each in both}) == 1
    assert late_tab["refreshToken"] == later["refreshToken"]


async def test_a_token_used_again_later_ends_its_chain(real, ann):
    first = await real.log_in("Ann")
    second = await real.refresh(first["refreshToken"])
    await expire_overlap(real)

    assert await real.refresh(first["refreshToken"]) is None
    assert await real.refresh(second["refreshToken"]) is None
    await asyncio.sleep(0.6)
    assert (await real("{ alerts { totalCount } }", second["accessToken"])).codes == ["UNAUTHENTICATED"]
    [(action, session)] = await real.execute(AUDITED)
    assert (action, len(session)) == ("session.replayed", 36)
    assert await real.execute("SELECT status FROM users") == [("offline",)]


async def test_the_stored_rows_alone_give_nobody_a_token(real, ann):
    first = await real.log_in("Ann")
    second = await real.refresh(first["refreshToken"])

    stored = str(await real.execute("SELECT * FROM refresh_tokens"))
    stored += str(await real.execute("SELECT * FROM spent_refresh_tokens"))

    assert first["refreshToken"] not in stored
    assert second["refreshToken"] not in stored


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "a" * 100_000, "\0" * 43])
async def test_what_is_no_token_is_refused(real, ann, token):
    await real.log_in("Ann")

    assert await real.refresh(token) is None


async def test_an_expired_session_is_over(real, ann):
    signed_in = await real.log_in("Ann")
    await real.execute("UPDATE refresh_tokens SET expires_at = now() - interval '1 s'")

    assert await real.refresh(signed_in["refreshToken"]) is None


async def test_a_login_ends_the_one_on_another_device(real, ann):
    first = await real.log_in("Ann")
    second = await real.log_in("Ann")
    await asyncio.sleep(0.6)

    assert await real.refresh(first["refreshToken"]) is None
    assert (await real("{ me { username } }", first["accessToken"])).codes == ["UNAUTHENTICATED"]
    assert len((await real(MY_SESSIONS, second["accessToken"])).data["mySessions"]) == 1


@pytest.mark.parametrize(("limit", "kept"), [(2, 2), (0, 4)])
async def test_the_platform_may_allow_more_devices(real, ann, make, limit, kept):
    await make.platform_config(sessions_per_user=limit)
    logins = [await real.log_in("Ann") for _ in range(4)]

    sessions = (await real(MY_SESSIONS, logins[-1]["accessToken"])).data["mySessions"]

    assert [session["current"] for session in sessions] == [False] * (kept - 1) + [True]
    alive = [await real.refresh(each["refreshToken"]) is not None for each in logins]
    assert alive == [False] * (4 - kept) + [True] * kept


async def test_logout_counts_at_once(real, ann):
    signed_in = await real.log_in("Ann")

    answer = await real("mutation { logout }", signed_in["accessToken"])

    assert answer.data == {"logout": True}
    assert (await real("{ alerts { totalCount } }", signed_in["accessToken"])).codes == ["UNAUTHENTICATED"]
    assert await real.refresh(signed_in["refreshToken"]) is None
    assert await real.execute("SELECT status FROM users") == [("offline",)]


async def test_one_ends_one_s_own_sessions_and_nobody_else_s(real, ann, make):
    await make.platform_config(sessions_per_user=0)
    end = "mutation($id: ID!) { endSession(input: {id: $id}) { endedSessionId userErrors { code field } } }"
    other = await make.session()
    logins = [await real.log_in("Ann") for _ in range(4)]
    here = logins[-1]["accessToken"]
    first = (await real(MY_SESSIONS, here)).data["mySessions"][0]["id"]

    ended = await real(end, here, id=first)
    foreign = await real(end, here, id=f"session_{other.id}")
    others = await real("mutation { endOtherSessions }", here)

    assert ended.data["endSession"] == {"endedSessionId": first, "userErrors": []}
    assert foreign.data["endSession"]["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "id"]}]
    assert others.data == {"endOtherSessions": 2}
    assert [session["current"] for session in (await real(MY_SESSIONS, here)).data["mySessions"]] == [True]
    left = await real.execute("SELECT count(*) FROM refresh_tokens")
    assert left == [(2,)]  # this one, and the stranger's


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'disabled'",
        "DELETE FROM users",
        "DELETE FROM refresh_tokens",
        "UPDATE users SET role = 'viewer'",
    ],
)
async def test_what_changes_in_the_database_counts_within_a_second(real, ann, change):
    signed_in = await real.log_in("Ann")
    query = 'mutation { createAlert(input: {device: "a", level: LOW, message: "b"}) { alert { id } } }'
    assert (await real(query, signed_in["accessToken"])).errors == []

    await real.execute(change)
    await asyncio.sleep(1)

    assert (await real(query, signed_in["accessToken"])).codes[0] in ("UNAUTHENTICATED", "FORBIDDEN")
    assert await real.execute("SELECT count(*) FROM alerts") == [(1,)]
