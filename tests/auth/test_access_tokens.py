"""Access tokens: only what this server made, for whom it made it, as long as it is good."""

import base64
import json
import time
from uuid import uuid4

import jwt
import pytest

SECRET = "x" * 40
PROTECTED = "{ alerts { totalCount } }"


def forged(token: str, key: str = SECRET, headers: dict | None = None, **changes: object) -> str:
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, "HS256", headers=headers)


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


async def test_a_token_names_user_and_session_and_lasts_a_quarter_of_an_hour(real, ann):
    token = (await real.log_in("Ann"))["accessToken"]

    claims = jwt.decode(token, SECRET, ["HS256"])

    assert claims.keys() == {"sub", "sid", "iat", "exp", "jti"}
    assert claims["sub"] == str(ann.id)
    assert claims["exp"] - claims["iat"] == 900


BAD = {
    "unsigned": unsigned,
    "another key": lambda token: forged(token, key="y" * 40),
    "truncated": lambda token: token[:-5],
    "another session": lambda token: forged(token, sid=str(uuid4())),
    "another user": lambda token: forged(token, sub=str(uuid4())),
    "no user": lambda token: forged(token, sub=None),
    "no session": lambda token: forged(token, sid=None),
    "no expiry": lambda token: forged(token, exp=None),
    "a user that is none": lambda token: forged(token, sub="admin"),
    "from the future": lambda token: forged(token, iat=int(time.time()) + 3600),
    "garbage": lambda _: "garbage",
    "empty": lambda _: "",
    "very long": lambda token: token + "x" * 10_000,
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
async def test_a_token_that_is_not_ours_is_refused(real, ann, spoil):
    token = (await real.log_in("Ann"))["accessToken"]

    answer = await real(PROTECTED, spoil(token))

    assert answer.codes == ["UNAUTHENTICATED"]
    assert answer.data is None
    assert (await real(PROTECTED, token)).errors == []


async def test_an_expired_token_is_told_as_such_and_hinders_nothing_public(real, ann):
    signed_in = await real.log_in("Ann")
    expired = forged(signed_in["accessToken"], exp=int(time.time()) - 1)

    answer = await real(PROTECTED, expired)
    public = await real("{ __typename }", expired)
    me = await real("{ me { username } }", expired)

    assert answer.errors[0]["message"] == "The access token has expired; refresh the session."
    assert answer.codes == ["UNAUTHENTICATED"]
    assert public.data == {"__typename": "Query"}
    assert me.codes == ["UNAUTHENTICATED"]


async def test_tokens_of_other_kinds_open_nothing(real, ann):
    signed_in = await real.log_in("Ann")

    for token in (signed_in["refreshToken"], "eck_" + "a" * 43):
        assert (await real(PROTECTED, token)).codes == ["UNAUTHENTICATED"]
    assert await real.refresh(signed_in["accessToken"]) is None
    in_the_address = await real.http.get(
        "/graphql", params={"query": PROTECTED, "token": signed_in["accessToken"]}
    )
    assert in_the_address.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_another_scheme_is_refused(real, ann):
    response = await real.http.post(
        "/graphql", json={"query": PROTECTED}, headers={"Authorization": "Basic YTpi"}
    )

    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
