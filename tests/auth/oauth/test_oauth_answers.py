"""What providers answer, and what is made of it."""

import asyncio
import threading

import httpx
import pytest

from tests.auth.conftest import PASSWORD
from tests.auth.oauth.flows import BIND, back, bound, logged_in, to_provider

PREFIX = "o" * 255


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("WECHAT", {"openid": PREFIX + "1"}),
        ("WECHAT", {"unionid": PREFIX + "1"}),
        ("FEISHU", {"union_id": PREFIX + "1"}),
        ("FEISHU", {"open_id": PREFIX + "1"}),
        ("WECHAT", {"openid": "o 1"}),
        ("WECHAT", {"unionid": "u\u0000"}),
        ("WECHAT", {"unionid": "\uff55-1"}),
        ("WECHAT", {"unionid": 7}),
    ],
)
async def test_an_id_that_can_t_be_kept_whole_is_nobody_s(browser, ann, provider, name, person):
    """Cut at what the column takes, two people would be one."""
    callback = await to_provider(browser, name)
    provider.person = person

    assert await back(browser, callback) == {"error": "PROVIDER_FAILED"}


async def test_ids_that_the_column_takes_are_told_apart_to_the_last_letter(browser, ann, provider):
    provider.person = {"openid": PREFIX[1:] + "1"}
    await bound(browser)
    provider.person = {"openid": PREFIX[1:] + "2"}
    other = await logged_in(browser)
    provider.person = {"openid": PREFIX[1:] + "1"}

    assert (other["accessToken"], other["user"]) == (None, None)
    assert (await logged_in(browser))["user"] == {"username": "Ann"}


@pytest.mark.parametrize("name", ["WECHAT", "FEISHU"])
@pytest.mark.parametrize("length", [2_001, 8_000])
async def test_long_tokens_of_a_provider_are_taken(browser, ann, provider, name, length):
    provider.token = "t" * length

    assert (await bound(browser, name))["user"] == {"username": "Ann"}
    [(kept,)] = await browser.execute("SELECT access_token FROM oauth_accounts")
    assert kept is None  # no login needs it, and the column takes a thousand characters


async def test_a_token_that_the_column_takes_is_kept_under_seal(browser, ann, provider):
    await bound(browser)

    [(kept,)] = await browser.execute("SELECT access_token FROM oauth_accounts")
    assert browser.auth.keys.unseal(kept) == provider.token


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (b"\x01\x02Ming\x1f", "Ming"),
        (b"Mi\nng\t of\r\nhere", "Mi ng of here"),
        ("明\u202e\u200b 😀".encode(), "明 😀"),
        (b"\\ud83d", None),
        (b"\xff\xfeMing", "\ufffd\ufffdMing"),
        (b" \\u0000 ", None),
        (b"x" * 300, "x" * 100),
        ("Zoe\u0308".encode(), "Zoë"),
        ("👩‍🔧".encode(), "👩‍🔧"),
    ],
)
async def test_names_are_cleaned_rather_than_refused(browser, ann, provider, told, shown):
    """WeChat sends names as people have typed them, control characters and all."""
    provider.raw_nickname = told
    first = await logged_in(browser)
    given = {"bindToken": first["bindToken"], "login": "Ann", "password": PASSWORD}

    assert first["nickname"] == shown
    assert (await browser(BIND, input=given)).data["bindOAuth"]["user"] == {"username": "Ann"}


async def test_what_takes_long_to_make_ready_is_made_once_and_on_another_thread(browser, ann, monkeypatch):
    made: list[int] = []

    class Counted(httpx.AsyncClient):
        def __init__(self, **options):
            made.append(threading.get_ident())
            super().__init__(**options)

    monkeypatch.setattr("ecoctrl_gql.auth.oauth.asking.httpx.AsyncClient", Counted)
    callbacks = [
        f"http://127.0.0.1:8000/api/auth/oauth/wechat/callback?code=c{number}&state=s" for number in range(3)
    ]
    assert {(await browser.http.get(each)).status_code for each in callbacks} == {400}
    assert made == []  # nobody has asked a provider

    provider = next(iter(browser.auth.providers.values()))
    asked = [provider.identify("x", "http://127.0.0.1:8000") for _ in range(3)]
    await asyncio.gather(*asked, return_exceptions=True)

    assert len(made) == 1
    assert made[0] != threading.get_ident()
