"""Logging in with WeChat and Feishu, against providers that speak their contracts over HTTP."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.auth.conftest import HASHED, PASSWORD
from tests.auth.mailbox import mail_server
from tests.auth.oauth.flows import (
    BIND,
    HERE,
    PAGE,
    REGISTER,
    START,
    UNLINK,
    back,
    bound,
    exchanged,
    linking,
    logged_in,
    to_provider,
)
from tests.fakes.oauth_provider import SECRET


@pytest.mark.parametrize(("name", "nickname"), [("WECHAT", "小明"), ("FEISHU", "Ming")])
async def test_an_account_is_bound_once_and_leads_in_from_then_on(browser, ann, name, nickname):
    first = await logged_in(browser, name)
    bind = {"bindToken": first["bindToken"], "login": "Ann"}
    wrong = (await browser(BIND, input=bind | {"password": "x"})).data["bindOAuth"]
    right = (await browser(BIND, input=bind | {"password": PASSWORD})).data["bindOAuth"]
    again = (await browser(BIND, input=bind | {"password": PASSWORD})).data["bindOAuth"]
    second = await logged_in(browser, name)

    assert (first["accessToken"], first["nickname"]) == (None, nickname)
    assert wrong["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert right["user"] == {"username": "Ann"}
    assert again["userErrors"][0]["code"] == "INVALID_CREDENTIALS"  # the token works once
    assert (second["user"], second["bindToken"]) == ({"username": "Ann"}, None)
    me = await browser("{ me { oauthAccounts { provider } } }", second["accessToken"])
    assert me.data["me"]["oauthAccounts"] == [{"provider": name}]


async def test_the_providers_are_listed_where_they_are_allowed(browser):
    listed = await browser("{ oauthProviders { id name icon } }")
    await browser.execute("UPDATE platform_configs SET allow_oauth_login = false")
    hidden = await browser("{ oauthProviders { id } }")
    refused = await browser(START, input={"provider": "WECHAT", "returnTo": PAGE})

    assert listed.data["oauthProviders"] == [
        {"id": "WECHAT", "name": "WeChat", "icon": "wechat"},
        {"id": "FEISHU", "name": "Feishu", "icon": "feishu"},
    ]
    assert hidden.data["oauthProviders"] == []
    assert refused.data["startOAuth"]["userErrors"] == [{"code": "FORBIDDEN", "field": []}]


async def test_the_browser_is_sent_as_the_providers_want_it(browser, provider):
    for name in ("WECHAT", "FEISHU"):
        await to_provider(browser, name)
    (_, wechat), (_, feishu) = provider.asked

    assert wechat.keys() == {"appid", "redirect_uri", "response_type", "scope", "state"}
    assert wechat["scope"] == "snsapi_login"
    assert wechat["redirect_uri"] == f"{HERE}/api/auth/oauth/wechat/callback"
    assert feishu.keys() == {"client_id", "redirect_uri", "response_type", "state"}
    assert len(wechat["state"]) == 43


async def test_another_browser_can_t_end_what_one_began(browser, stranger):
    callback = await to_provider(browser)
    refused = await stranger.http.get(callback)
    await to_provider(stranger)  # it has a cookie of its own
    with_another = await stranger.http.get(callback)
    stranger.http.cookies.clear()
    stranger.http.cookies.set("ecoctrl_oauth", "x")
    forged = await stranger.http.get(callback)

    assert (refused.status_code, with_another.status_code, forged.status_code) == (400, 400, 400)
    assert "code" in await back(browser, callback)


async def test_a_login_starts_in_one_browser(browser, stranger):
    """Else somebody could have another go on with what one has begun."""
    answer = await browser(START, input={"provider": "WECHAT", "returnTo": PAGE})
    address = answer.data["startOAuth"]["authorizeUrl"]
    first = await browser.http.get(address)
    again = await browser.http.get(address)  # as after going back
    others = [await stranger.http.get(address), await browser.http.get(address.replace("wechat", "feishu"))]
    nonsense = await browser.http.get(address.partition("?")[0])

    assert first.headers["location"] == again.headers["location"]
    assert [other.status_code for other in (*others, nonsense)] == [400, 400, 400]
    assert [other.headers.get("set-cookie") for other in (*others, nonsense)] == [None, None, None]


async def test_two_tabs_log_in_at_the_same_time(browser, ann):
    await bound(browser)
    first = await to_provider(browser)
    verifier = browser.verifier
    second = await to_provider(browser, "FEISHU")

    told = await back(browser, second)
    assert (await exchanged(browser, told["code"]))["bindToken"] is not None
    browser.verifier = verifier
    told = await back(browser, first)
    assert (await exchanged(browser, told["code"]))["user"] == {"username": "Ann"}


async def test_a_state_works_once_and_ten_minutes(browser):
    callback = await to_provider(browser)
    assert "code" in await back(browser, callback)
    again = await browser.http.get(callback)
    late = await to_provider(browser)
    await browser.execute("UPDATE oauth_states SET expires_at = now()")
    expired = await browser.http.get(late)

    assert (again.status_code, expired.status_code) == (400, 400)


async def test_a_code_works_once_and_two_minutes(browser, ann):
    told = await back(browser, await to_provider(browser))
    both = await asyncio.gather(*(exchanged(browser, told["code"]) for _ in range(2)))
    late = await back(browser, await to_provider(browser))
    await browser.execute("UPDATE oauth_tickets SET expires_at = now()")
    expired = await exchanged(browser, late["code"])

    assert sorted(each["bindToken"] is not None for each in both) == [False, True]
    assert expired["userErrors"] == [{"code": "INVALID_CREDENTIALS"}]


@pytest.mark.parametrize("fails", ["garbage", "huge"])
async def test_a_provider_that_answers_nonsense_is_told_to_the_page(browser, provider, fails):
    callback = await to_provider(browser)
    provider.fails = fails

    assert await back(browser, callback) == {"error": "PROVIDER_FAILED"}


async def test_a_failure_with_status_200_is_a_failure(browser, provider):
    callback = await to_provider(browser)
    provider.codes.clear()

    assert await back(browser, callback) == {"error": "PROVIDER_FAILED"}


async def test_who_says_no_at_the_provider_comes_back_with_that(browser):
    callback = await to_provider(browser)
    state = parse_qs(urlsplit(callback).query)["state"][0]

    assert await back(browser, f"{HERE}/api/auth/oauth/wechat/callback?state={state}") == {"error": "DENIED"}


async def test_a_person_known_by_the_app_s_id_becomes_known_by_the_stable_one(browser, ann, provider):
    await bound(browser)
    provider.person = {"unionid": "u-1"}
    second = await logged_in(browser)
    provider.person = {}
    third = await logged_in(browser)
    provider.person = {"unionid": "u-1", "openid": "o-of-another-app"}
    fourth = await logged_in(browser)

    assert {each["user"]["username"] for each in (second, third, fourth)} == {"Ann"}
    stored = await browser.execute("SELECT provider_user_id FROM oauth_accounts")
    assert stored == [("u-1",)]


async def test_a_new_account_needs_the_code_that_was_mailed(browser, make):
    with mail_server() as mailbox:
        browser.auth.mailer.start()
        await browser.execute(
            "UPDATE platform_configs SET allow_registration = true, smtp_host = '127.0.0.1', smtp_port = %s",
            mailbox.port,
        )
        bind_token = (await logged_in(browser, "FEISHU"))["bindToken"]
        send = 'mutation { sendRegistrationCode(input: {email: "ming@example.org"}) { accepted } }'
        await browser(send)
        new = {"bindToken": bind_token, "username": "Ming", "email": "ming@example.org"}
        wrong = await browser(REGISTER, input=new | {"code": "x"})
        made = await browser(REGISTER, input=new | {"code": await mailbox.code()})
        await browser.auth.mailer.stop()

    assert wrong.data["registerAndBindOAuth"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert made.data["registerAndBindOAuth"]["user"] == {"username": "Ming", "role": "VIEWER"}
    token = made.data["registerAndBindOAuth"]["accessToken"]
    last = await browser(UNLINK, token, provider="FEISHU")
    assert last.data["unlinkOAuth"]["userErrors"] == [{"code": "CONFLICT"}]


async def test_an_address_that_the_provider_tells_links_nothing(browser, make):
    await make.user(username="victim", email="ming@example.org")

    first = await logged_in(browser, "FEISHU")

    assert first["accessToken"] is None
    assert first["bindToken"] is not None


async def test_who_is_logged_in_links_and_unlinks(browser, ann):
    token = (await browser.log_in("Ann"))["accessToken"]

    linked = await linking(browser, token, "FEISHU")
    unlinked = await browser(UNLINK, token, provider="FEISHU")
    again = await browser(UNLINK, token, provider="FEISHU")

    assert (linked["linked"], linked["accessToken"], linked["userErrors"]) == ("FEISHU", None, [])
    assert unlinked.data["unlinkOAuth"] == {"unlinked": "FEISHU", "userErrors": []}
    assert again.data["unlinkOAuth"]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert (await browser(START, input={"provider": "FEISHU", "returnTo": PAGE, "link": True})).codes == [
        "UNAUTHENTICATED"
    ]


async def test_an_account_that_somebody_else_has_linked_stays_theirs(browser, ann, make):
    await bound(browser, "FEISHU")
    await make.user(username="Bob", password=HASHED)
    token = (await browser.log_in("Bob"))["accessToken"]

    refused = await linking(browser, token, "FEISHU")

    assert (refused["linked"], refused["userErrors"]) == (None, [{"code": "CONFLICT"}])
    assert (await logged_in(browser, "FEISHU"))["user"] == {"username": "Ann"}


async def test_who_is_disabled_does_not_come_in(browser, ann):
    await bound(browser)
    await browser.execute("UPDATE users SET status = 'disabled'")

    refused = await logged_in(browser)

    assert (refused["accessToken"], refused["userErrors"]) == (None, [{"code": "FORBIDDEN"}])


async def test_the_provider_s_tokens_are_kept_under_seal_and_shown_to_nobody(browser, ann, provider, capsys):
    await bound(browser)

    stored = str(await browser.execute("SELECT * FROM oauth_accounts"))
    stored += str(await browser.execute("SELECT * FROM oauth_tickets"))
    audit = str(await browser.execute("SELECT * FROM audit_entries"))
    logged = "".join(capsys.readouterr())

    assert len(stored) > 100
    for secret in (provider.token, SECRET):
        assert secret not in stored + audit + logged
    assert "oauth.linked" in audit
