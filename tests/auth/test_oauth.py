"""Logging in with WeChat and Feishu, against providers that speak their contracts over HTTP."""

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.oauth.returning import require_allowed
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.errors import BadInputError
from tests.auth.conftest import HASHED, PASSWORD, RealClient
from tests.auth.mailbox import mail_server
from tests.fakes.oauth_provider import APP_ID, SECRET, Fake, fake_provider

HERE = "http://127.0.0.1:8000"
PAGE = f"{HERE}/after-login?tab=1"
START = """mutation($input: StartOAuthInput!) { startOAuth(input: $input) {
  authorizeUrl userErrors { code field } } }"""
EXCHANGE = """mutation($code: String!) { exchangeOAuthCode(input: {code: $code}) {
  accessToken refreshToken user { username } bindToken nickname userErrors { code } } }"""
BIND = """mutation($input: BindOAuthInput!) { bindOAuth(input: $input) {
  accessToken user { username } userErrors { code message } } }"""
REGISTER = """mutation($input: RegisterAndBindOAuthInput!) { registerAndBindOAuth(input: $input) {
  accessToken user { username role } userErrors { code field } } }"""
UNLINK = """mutation($provider: OAuthProvider!) { unlinkOAuth(input: {provider: $provider}) {
  unlinked userErrors { code } } }"""


@pytest.fixture
def provider() -> Iterator[Fake]:
    with fake_provider() as started:
        yield started


@pytest.fixture
async def app(db, settings, make, provider):
    """The application with both providers configured and allowed."""
    configured = settings.model_copy(
        update={
            "wechat_app_id": APP_ID,
            "wechat_app_secret": SecretStr(SECRET),
            "feishu_app_id": APP_ID,
            "feishu_app_secret": SecretStr(SECRET),
            "wechat_open_url": provider.url,
            "wechat_api_url": provider.url,
            "feishu_accounts_url": provider.url,
            "feishu_api_url": provider.url,
            "oauth_return_to": ("https://dashboard.example.org",),
        }
    )
    await make.platform_config(allow_oauth_login=True, sessions_per_user=0)
    auth = Auth(db, configured)
    return create_app(configured, db, auth), auth


@pytest.fixture
async def browser(app, db):
    """A browser, which keeps its cookies."""
    transport = httpx.ASGITransport(app[0])
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as http:
        yield RealClient(http, db, app[1])


async def to_provider(browser, name="WECHAT", token=None, **more) -> str:
    """Begin a login; gives the address of the callback that the provider sends the browser to."""
    answer = await browser(START, token, input={"provider": name, "returnTo": PAGE, **more})
    assert answer.data["startOAuth"]["userErrors"] == []
    async with httpx.AsyncClient() as outside:
        sent_back = await outside.get(answer.data["startOAuth"]["authorizeUrl"].partition("#")[0])
    return sent_back.headers["location"]


async def back(browser, address: str) -> dict[str, str]:
    """What the browser takes along to the page that it ends at."""
    answer = await browser.http.get(address.removeprefix(HERE))
    assert answer.status_code == 303, answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    page, _, told = answer.headers["location"].partition("#")
    assert page == PAGE
    return {name: values[0] for name, values in parse_qs(told).items()}


async def logged_in(browser, name="WECHAT") -> dict:
    """What the exchange of the one-time code gives."""
    told = await back(browser, await to_provider(browser, name))
    return (await browser(EXCHANGE, code=told["code"])).data["exchangeOAuthCode"]


async def bound(browser, name="WECHAT") -> dict:
    first = await logged_in(browser, name)
    given = {"bindToken": first["bindToken"], "login": "Ann", "password": PASSWORD}
    return (await browser(BIND, input=given)).data["bindOAuth"]


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


async def test_another_browser_can_t_end_what_one_began(browser, app, db):
    callback = await to_provider(browser)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app[0]), base_url=HERE) as other:
        refused = await other.get(callback.removeprefix(HERE))
        other.cookies.set("ecoctrl_oauth", "x")
        forged = await other.get(callback.removeprefix(HERE))

    assert (refused.status_code, forged.status_code) == (400, 400)
    assert (await browser.http.get(callback.removeprefix(HERE))).status_code == 400  # the state is used up


async def test_a_state_works_once_and_ten_minutes(browser):
    callback = await to_provider(browser)
    assert "code" in await back(browser, callback)
    again = await browser.http.get(callback.removeprefix(HERE))
    late = await to_provider(browser)
    await browser.execute("UPDATE oauth_states SET expires_at = now()")
    expired = await browser.http.get(late.removeprefix(HERE))

    assert (again.status_code, expired.status_code) == (400, 400)


async def test_a_code_works_once_and_two_minutes(browser, ann):
    told = await back(browser, await to_provider(browser))
    both = await asyncio.gather(*(browser(EXCHANGE, code=told["code"]) for _ in range(2)))
    late = await back(browser, await to_provider(browser))
    await browser.execute("UPDATE oauth_tickets SET expires_at = now()")
    expired = await browser(EXCHANGE, code=late["code"])

    tokens = [answer.data["exchangeOAuthCode"]["bindToken"] is not None for answer in both]
    assert sorted(tokens) == [False, True]
    assert expired.data["exchangeOAuthCode"]["userErrors"] == [{"code": "INVALID_CREDENTIALS"}]


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "http://127.0.0.1:8000.evil.example/",
        "http://127.0.0.1:8000@evil.example/",
        "http://evil.example\\@127.0.0.1:8000/",
        "//evil.example/",
        "/relative",
        "javascript:alert(1)",
        "https://127.0.0.1:8000/",
        "http://127.0.0.1:8001/",
        "http://127.0.0.1:8000\n.evil.example/",
        "http://[::1",
        "",
        "http://127.0.0.1:8000/" + "x" * 2_000,
        "https://dashboard.example.org.evil.example/",
        "https://xdashboard.example.org/",
    ],
)
async def test_no_page_elsewhere_is_returned_to(browser, page):
    refused = await browser(START, input={"provider": "WECHAT", "returnTo": page})

    assert refused.data["startOAuth"]["userErrors"] == [
        {"code": "BAD_USER_INPUT", "field": ["input", "returnTo"]}
    ]


@pytest.mark.parametrize(
    "page", ["https://dashboard.example.org", "https://DASHBOARD.example.org:443/a?b=c&d=%20#e"]
)
def test_pages_of_allowed_origins_are_returned_to(page):
    require_allowed(page, ["https://dashboard.example.org"])
    with pytest.raises(BadInputError):
        require_allowed(page, ["http://dashboard.example.org"])


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

    told = await back(browser, await to_provider(browser, "FEISHU", token, link=True))
    unlinked = await browser(UNLINK, token, provider="FEISHU")
    again = await browser(UNLINK, token, provider="FEISHU")

    assert told == {"linked": "feishu"}
    assert unlinked.data["unlinkOAuth"] == {"unlinked": "FEISHU", "userErrors": []}
    assert again.data["unlinkOAuth"]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert (await browser(START, input={"provider": "FEISHU", "returnTo": PAGE, "link": True})).codes == [
        "UNAUTHENTICATED"
    ]


async def test_an_account_that_somebody_else_has_linked_stays_theirs(browser, ann, make):
    await bound(browser, "FEISHU")
    await make.user(username="Bob", password=HASHED)
    token = (await browser.log_in("Bob"))["accessToken"]

    told = await back(browser, await to_provider(browser, "FEISHU", token, link=True))

    assert told == {"error": "CONFLICT"}
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
