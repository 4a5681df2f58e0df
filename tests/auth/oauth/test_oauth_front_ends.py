"""A login with an external account from a front end of another site, as browsers let it happen."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import pytest

from tests.auth.conftest import PASSWORD
from tests.auth.oauth.conftest import browser_of
from tests.auth.oauth.flows import BIND, START, Page, back, exchanged, through_provider, to_provider

API = "https://api.example.org"
FRONT = "https://dashboard.example.net"
PAGE = f"{FRONT}/after-login"
NAME = "__Host-ecoctrl_oauth"
ASKED = {"Origin": FRONT, "Access-Control-Request-Method": "POST"}


@pytest.fixture
async def front(db, configured, ann) -> AsyncIterator[Page]:
    """A page of another site. Its requests carry no cookies, and browsers keep none of the answers'."""
    hosted = configured.model_copy(update={"public_url": API, "cors_origin": (FRONT,)})
    async with browser_of(db, hosted, API, origin=FRONT) as page:
        yield page


@pytest.fixture
async def shown(db, configured, ann) -> AsyncIterator[Page]:
    """The same browser, where it shows the server itself: there it keeps its cookies."""
    hosted = configured.model_copy(update={"public_url": API, "cors_origin": (FRONT,)})
    async with browser_of(db, hosted, API) as page:
        yield page


async def test_a_front_end_of_another_site_logs_in(front, shown):
    async def code() -> str:
        begun = (await front(START, input={"provider": "WECHAT", "returnTo": PAGE})).data["startOAuth"]
        front.verifier = begun["verifier"]
        callback = await through_provider(shown, begun["authorizeUrl"])
        assert callback.startswith(f"{API}/api/auth/oauth/wechat/callback?")
        return (await back(shown, callback, PAGE))["code"]

    first = await exchanged(front, await code())
    given = {"bindToken": first["bindToken"], "login": "Ann", "password": PASSWORD}
    bound = (await front(BIND, input=given)).data["bindOAuth"]
    second = await exchanged(front, await code())

    assert (bound["user"], second["user"]) == ({"username": "Ann"}, {"username": "Ann"})
    assert dict(front.http.cookies) == {}


@pytest.mark.parametrize("name", ["ecoctrl_oauth", NAME])
async def test_the_cookie_is_this_server_s_own(browser, shown, name):
    page = shown if name == NAME else browser
    begun = (await page(START, input={"provider": "WECHAT", "returnTo": f"{page.http.base_url}/x"})).data
    cookies = SimpleCookie((await page.http.get(begun["startOAuth"]["authorizeUrl"])).headers["set-cookie"])
    attributes = {key: value for key, value in cookies[name].items() if value}

    assert len(cookies[name].value) == 43
    assert attributes.pop("secure", False) is (name == NAME)
    assert attributes == {"httponly": True, "samesite": "lax", "path": "/", "max-age": "600"}


@pytest.mark.parametrize("path", ["/graphql", "/studio/login", "/api/auth/oauth/wechat/start"])
async def test_pages_of_other_origins_send_no_cookies_anywhere(front, path):
    allowed = await front.http.options(path, headers=ASKED)
    answer = await front.http.get(path)
    refused = await front.http.options(path, headers=ASKED | {"Origin": "https://evil.example"})

    assert allowed.headers["access-control-allow-origin"] == FRONT
    assert "access-control-allow-origin" not in refused.headers
    for each in (allowed, answer, refused):
        assert "access-control-allow-credentials" not in each.headers


async def test_cookies_log_nobody_in(shown):
    """The bearer token alone says who calls, whatever else a page of another site has a browser send."""
    await to_provider(shown, returnTo=PAGE)
    signed_in = await shown.log_in("Ann")
    for name in ("authorization", "token", "accessToken", NAME, "ecoctrl_studio"):
        shown.http.cookies.set(name, signed_in["accessToken"], domain="api.example.org")

    assert (await shown("{ me { username } }")).data == {"me": None}
    assert (await shown("{ alerts { totalCount } }")).codes == ["UNAUTHENTICATED"]
