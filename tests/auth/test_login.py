"""Logging in, by name or address and password."""

import unicodedata
from datetime import datetime

import bcrypt
import pytest

from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.login import checked_account
from ecoctrl_gql.auth.passwords import password_hash
from ecoctrl_gql.errors import InvalidCredentialsError, RateLimitedError
from tests.auth.conftest import HASHED, LOG_IN, PASSWORD
from tests.conftest import RecordingDatabase

WRONG = [{"code": "INVALID_CREDENTIALS", "field": [], "message": "The name or the password is wrong."}]


@pytest.mark.parametrize("login", ["Ann", "aNN", " ann ", "ann@example.org", "ANN@Example.org"])
async def test_name_and_address_lead_in_whatever_their_case(real, ann, login):
    signed_in = await real.log_in(login)

    me = await real("{ me { username role email } }", signed_in["accessToken"])
    assert signed_in["userErrors"] == []
    assert signed_in["user"] == {"username": "Ann", "role": "OPERATOR"}
    assert me.data["me"] == {"username": "Ann", "role": "OPERATOR", "email": "ann@example.org"}


async def test_a_login_leaves_its_traces(real, ann):
    before = datetime.now().astimezone()
    signed_in = await real.log_in("Ann")

    query = """{ me { status lastLogin
      sessions { device address current createdAt lastUsedAt expiresAt } } }"""
    me = (await real(query, signed_in["accessToken"])).data["me"]
    session = me["sessions"][0]

    assert me["status"] == "ONLINE"
    assert datetime.fromisoformat(me["lastLogin"]) >= before.replace(microsecond=0)
    assert (session["device"], session["address"], session["current"]) == ("The tests", "127.0.0.1", True)
    lasts = datetime.fromisoformat(session["expiresAt"]) - datetime.fromisoformat(session["createdAt"])
    assert round(lasts.total_seconds() / 86_400, 2) == 7


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("Ann", "wrong"),
        ("Ann", ""),
        ("", ""),
        ("nobody", PASSWORD),
        ("Ann", PASSWORD + " "),
        ("Ann", "x" * 5_000),
        ("n" * 5_000, PASSWORD),
        ("Ann\0", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("Ann\r\nX-Admin: 1", PASSWORD),
    ],
)
async def test_what_is_wrong_is_told_in_one_sentence(real, ann, login, password):
    refused = await real.log_in(login, password)

    assert refused["userErrors"] == WRONG
    assert (refused["accessToken"], refused["refreshToken"], refused["user"]) == (None, None, None)


async def test_an_account_without_a_password_is_nobody_s_to_log_in_to(real, make):
    user = await make.user(password=None)

    assert (await real.log_in(user.username, ""))["userErrors"] == WRONG


async def test_who_is_disabled_is_told_so_only_with_the_right_password(real, make):
    await make.user(username="dan", status="disabled", password=HASHED)

    assert (await real.log_in("dan", "wrong"))["userErrors"] == WRONG
    assert (await real.log_in("dan"))["userErrors"] == [
        {"code": "FORBIDDEN", "field": [], "message": "This account is disabled."}
    ]


async def test_every_byte_of_a_long_password_counts(real, make):
    long = "能" * 40  # 120 bytes
    await make.user(username="lee", password=password_hash(long + "a"))

    assert (await real.log_in("lee", long + "b"))["userErrors"] == WRONG
    assert (await real.log_in("lee", long))["userErrors"] == WRONG
    assert (await real.log_in("lee", long + "a"))["userErrors"] == []


async def test_what_is_typed_on_another_keyboard_is_the_same(real, make):
    name, password = unicodedata.normalize("NFD", "Zoë"), unicodedata.normalize("NFD", "pässwörd")
    await make.user(
        username=unicodedata.normalize("NFC", name),
        password=password_hash(unicodedata.normalize("NFC", password)),
    )

    assert (await real.log_in(name, password))["userErrors"] == []


async def test_a_hash_made_with_less_work_is_replaced(real, make):
    cheap = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(10, prefix=b"2a")).decode()
    await make.user(username="old", password=cheap)

    await real.log_in("old")
    [(replaced,)] = await real.execute("SELECT password FROM users WHERE username = 'old'")
    await real.log_in("old")
    [(kept,)] = await real.execute("SELECT password FROM users WHERE username = 'old'")

    assert cheap.startswith("$2a$10$")
    assert replaced.startswith("$2b$12$")
    assert kept == replaced


async def test_a_name_that_is_another_s_address_takes_no_login(real, ann, make):
    await make.user(username="ann@example.org", password=password_hash("other"))

    assert (await real.log_in("ann@example.org"))["user"]["username"] == "Ann"


async def test_many_logins_in_one_document_count_each(real, ann):
    one = 'login(input: {login: "Ann", password: "x"}) { userErrors { code } }'
    answer = await real("mutation {" + " ".join(f"a{n}: {one}" for n in range(10)) + "}")

    codes = [error["extensions"]["code"] for error in answer.errors]
    told = [payload["userErrors"][0]["code"] for payload in answer.data.values() if payload]
    assert (told, codes) == (["INVALID_CREDENTIALS"] * 5, ["RATE_LIMITED"] * 5)
    assert 1 <= answer.errors[0]["extensions"]["retryAfter"] <= 60


async def test_a_thousand_logins_in_one_document_are_refused_before_any_runs(real, ann):
    one = 'login(input: {login: "Ann", password: "x"}) { userErrors { code } }'
    answer = await real("mutation {" + " ".join(f"a{n}: {one}" for n in range(1000)) + "}")

    assert answer.codes in (["QUERY_TOO_COMPLEX"], ["GRAPHQL_PARSE_FAILED"])
    assert real.db.statements == []


async def test_attempts_are_counted_for_all_processes_together(real, ann, database_url):
    other = RecordingDatabase(database_url, pool_size=2)
    other.statements = []
    await other.open()

    for _ in range(5):
        with pytest.raises(InvalidCredentialsError):
            await checked_account(other, "ANN", "x", Origin("127.0.0.1"))
    with pytest.raises(RateLimitedError):
        await checked_account(other, "ann", PASSWORD, Origin("127.0.0.1"))
    here = await real(LOG_IN, login="Ann", password=PASSWORD)
    await other.close()

    assert here.codes == ["RATE_LIMITED"]


async def test_logins_that_succeed_do_not_count(real, ann):
    for _ in range(7):
        assert (await real.log_in("Ann"))["userErrors"] == []
