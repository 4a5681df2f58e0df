"""Logins with external accounts, as front ends and browsers carry them out."""

from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.auth.conftest import PASSWORD, RealClient

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


async def to_provider(
    browser: RealClient, name: str = "WECHAT", token: str | None = None, **more: Any
) -> str:
    """Begin a login; gives the address of the callback that the provider sends the browser to."""
    answer = await browser(START, token, input={"provider": name, "returnTo": PAGE, **more})
    assert answer.data["startOAuth"]["userErrors"] == []
    async with httpx.AsyncClient() as outside:
        sent_back = await outside.get(answer.data["startOAuth"]["authorizeUrl"].partition("#")[0])
    return sent_back.headers["location"]


async def back(browser: RealClient, address: str, to: str = PAGE) -> dict[str, str]:
    """What the browser takes along to the page that it ends at."""
    answer = await browser.http.get(address)
    assert answer.status_code == 303, answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    page, _, told = answer.headers["location"].partition("#")
    assert page == to
    return {name: values[0] for name, values in parse_qs(told).items()}


async def exchanged(browser: RealClient, code: str) -> dict[str, Any]:
    """What a one-time code is exchanged for."""
    payload: dict[str, Any] = (await browser(EXCHANGE, code=code)).data["exchangeOAuthCode"]
    return payload


async def logged_in(browser: RealClient, name: str = "WECHAT") -> dict[str, Any]:
    """What the exchange of the one-time code gives."""
    told = await back(browser, await to_provider(browser, name))
    return await exchanged(browser, told["code"])


async def bound(browser: RealClient, name: str = "WECHAT") -> dict[str, Any]:
    """What binding an external account to Ann's gives."""
    first = await logged_in(browser, name)
    given = {"bindToken": first["bindToken"], "login": "Ann", "password": PASSWORD}
    payload: dict[str, Any] = (await browser(BIND, input=given)).data["bindOAuth"]
    return payload
