"""What a login with an external account came to is for the page that began it."""

import asyncio

import pytest

from tests.auth.conftest import HASHED, PASSWORD
from tests.auth.oauth.flows import (
    BIND,
    EXCHANGE,
    PAGE,
    REGISTER,
    START,
    back,
    bound,
    exchanged,
    linking,
    logged_in,
    to_provider,
)

GONE = [{"code": "INVALID_CREDENTIALS"}]


async def test_a_code_is_worth_nothing_to_another_page(browser, stranger, ann):
    """Else somebody could have another open a page with a code, and log in to the account of the former."""
    await bound(browser)
    told = await back(browser, await to_provider(browser))
    await to_provider(stranger)  # it has begun a login of its own

    refused = await exchanged(stranger, told["code"])
    taken = await exchanged(browser, told["code"])

    assert (refused["accessToken"], refused["userErrors"]) == (None, GONE)
    assert taken["user"] == {"username": "Ann"}


@pytest.mark.parametrize("verifier", ["", "x", "x" * 43, "\0", "é"])
async def test_without_what_the_page_has_kept_a_code_is_worth_nothing(browser, ann, verifier):
    told = await back(browser, await to_provider(browser))
    browser.verifier = verifier

    assert (await exchanged(browser, told["code"]))["userErrors"] == GONE


async def test_what_the_page_keeps_is_in_no_address(browser):
    callback = await to_provider(browser)
    begun = await browser(START, input={"provider": "WECHAT", "returnTo": PAGE})
    at_last = (await browser.http.get(callback)).headers["location"]

    assert len(browser.verifier) == 43
    assert begun.data["startOAuth"]["authorizeUrl"].startswith("http://127.0.0.1:8000/api/auth/oauth/wechat/")
    for address in (callback, begun.data["startOAuth"]["authorizeUrl"], at_last):
        assert browser.verifier not in address
        assert begun.data["startOAuth"]["verifier"] not in address


async def test_the_code_of_the_address_binds_nothing(browser, ann):
    told = await back(browser, await to_provider(browser))
    given = {"bindToken": told["code"], "login": "Ann", "password": PASSWORD}

    refused = (await browser(BIND, input=given)).data["bindOAuth"]
    bind_token = (await exchanged(browser, told["code"]))["bindToken"]
    the_other_way = await exchanged(browser, bind_token)
    bound_now = (await browser(BIND, input=given | {"bindToken": bind_token})).data["bindOAuth"]

    assert refused["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert the_other_way["userErrors"] == GONE
    assert bound_now["userErrors"] == []


async def test_a_code_for_linking_is_worth_nothing_to_somebody_else(browser, stranger, ann, make):
    """Else somebody could have one link the account of another, or be linked to one's own."""
    await make.user(username="Bob", password=HASHED)
    token = (await browser.log_in("Ann"))["accessToken"]
    others = (await browser.log_in("Bob"))["accessToken"]
    told = await back(browser, await to_provider(browser, "WECHAT", token, link=True))
    given = {"bindToken": told["code"], "login": "Bob", "password": PASSWORD}

    without_login = await browser(EXCHANGE, code=told["code"], verifier=browser.verifier)
    as_another = await exchanged(browser, told["code"], others)
    on_another_page = await exchanged(stranger, told["code"], token)
    bound_by_it = (await browser(BIND, input=given)).data["bindOAuth"]

    assert without_login.codes == ["UNAUTHENTICATED"]
    assert (as_another["userErrors"], on_another_page["userErrors"]) == (GONE, GONE)
    assert bound_by_it["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert await browser.execute("SELECT 1 FROM oauth_accounts") == []
    assert (await exchanged(browser, told["code"], token))["linked"] == "WECHAT"


async def test_a_second_account_of_one_provider_is_told_as_what_it_is(browser, ann, provider):
    await bound(browser)
    token = (await browser.log_in("Ann"))["accessToken"]
    provider.person = {"openid": "o-2", "unionid": "u-2"}

    linked = await linking(browser, token)
    second = await bound(browser)

    assert linked["userErrors"] == [{"code": "CONFLICT"}]
    assert second["userErrors"] == [
        {
            "code": "CONFLICT",
            "message": "You have linked another account of this provider; unlink it first.",
        }
    ]
    assert await browser.execute("SELECT provider_user_id FROM oauth_accounts") == [("o-1",)]


@pytest.mark.parametrize("change", ["DELETE FROM refresh_tokens", "UPDATE users SET status = 'disabled'"])
async def test_who_has_logged_out_meanwhile_links_nothing(browser, ann, change):
    token = (await browser.log_in("Ann"))["accessToken"]
    told = await back(browser, await to_provider(browser, "WECHAT", token, link=True))
    await browser.execute(change)
    await asyncio.sleep(0.6)

    refused = await browser(EXCHANGE, token, code=told["code"], verifier=browser.verifier)

    assert refused.codes == ["UNAUTHENTICATED"]
    assert await browser.execute("SELECT 1 FROM oauth_accounts") == []


async def test_who_has_linked_an_account_stands_in_the_audit_log(browser, ann):
    await linking(browser, (await browser.log_in("Ann"))["accessToken"])

    entries = "SELECT actor_name, details FROM audit_entries WHERE action = 'oauth.linked'"
    assert await browser.execute(entries) == [("Ann", {"provider": "wechat"})]


async def test_codes_and_bind_tokens_are_not_tried_for_ever(browser, stranger, ann, make):
    """The count is the database's, so it is one for all processes, and for all that can be tried."""
    await browser.execute("UPDATE platform_configs SET allow_registration = true")
    token = (await logged_in(browser))["bindToken"]
    for number in range(15):
        assert (await exchanged(stranger, "x"))["userErrors"] == GONE
        given = {"bindToken": f"x{number}", "login": "Ann", "password": PASSWORD}
        assert (await stranger(BIND, input=given)).data["bindOAuth"]["userErrors"][0]["code"] == GONE[0][
            "code"
        ]

    stopped = [
        await stranger(EXCHANGE, code="x", verifier="x"),
        await browser(BIND, input={"bindToken": token, "login": "Ann", "password": PASSWORD}),
    ]

    assert [answer.codes for answer in stopped] == [["RATE_LIMITED"]] * 2
    assert 1 <= stopped[0].errors[0]["extensions"]["retryAfter"] <= 20
    await browser.execute("DELETE FROM rate_limits")
    assert (await browser(BIND, input=given | {"bindToken": token})).data["bindOAuth"]["userErrors"] == []


async def test_what_succeeds_is_not_counted(browser, ann):
    await bound(browser)
    for _ in range(31):
        assert (await logged_in(browser))["user"] == {"username": "Ann"}


async def test_logins_are_not_begun_for_ever(browser):
    one = f'startOAuth(input: {{provider: WECHAT, returnTo: "{PAGE}"}}) {{ authorizeUrl }}'
    ten = "mutation {" + " ".join(f"a{number}: {one}" for number in range(10)) + "}"
    answers = [await browser(ten) for _ in range(10)]
    stopped = await browser(START, input={"provider": "WECHAT", "returnTo": PAGE})

    assert [answer.errors for answer in answers] == [[]] * 10
    assert stopped.codes == ["RATE_LIMITED"]
    assert await browser.execute("SELECT count(*) FROM oauth_states") == [(100,)]


async def test_a_new_account_has_the_picture_that_the_provider_knows(browser, make):
    await browser.execute("UPDATE platform_configs SET allow_registration = true")
    bind_token = (await logged_in(browser))["bindToken"]
    await make.user(username="Bob", password=HASHED)
    code = browser.auth.keys.keyed_hash("code", "register\x00ming@example.org\x00123456")
    await browser.execute(
        "INSERT INTO verification_codes (purpose, email, code_hash, expires_at)"
        " VALUES ('register', 'ming@example.org', %s, now() + interval '1 minute')",
        code,
    )
    given = {"bindToken": bind_token, "username": "Ming", "email": "ming@example.org", "code": "123456"}
    taken = await browser(REGISTER, input=given | {"username": "bob"})
    made = await browser(REGISTER, input=given)  # nothing was used up

    assert taken.data["registerAndBindOAuth"]["userErrors"] == [
        {"code": "CONFLICT", "field": ["input", "username"]}
    ]
    assert made.data["registerAndBindOAuth"]["user"] == {"username": "Ming", "role": "VIEWER"}
    stored = await browser.execute("SELECT avatar_url FROM users WHERE username = 'Ming'")
    assert stored == [("https://x.example/a",)]
