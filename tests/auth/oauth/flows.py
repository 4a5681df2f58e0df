"""Logins with external accounts, as front ends and browsers carry them out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.auth.conftest import PASSWORD, RealClient

HERE = "http://127.0.0.1:8000"
PAGE = f"{HERE}/after-login?tab=1"
START = """mutation($input: StartOAuthInput!) { startOAuth(input: $input) {
  authorizeUrl verifier userErrors { code field } } }"""
EXCHANGE = """mutation($code: String!, $verifier: String!) {
  exchangeOAuthCode(input: {code: $code, verifier: $verifier}) {
    accessToken refreshToken user { username } bindToken nickname linked userErrors { code } } }"""
BIND = """mutation($input: BindOAuthInput!) { bindOAuth(input: $input) {
  accessToken user { username } userErrors { code message } } }"""
REGISTER = """mutation($input: RegisterAndBindOAuthInput!) { registerAndBindOAuth(input: $input) {
  accessToken user { username role } userErrors { code field } } }"""
UNLINK = """mutation($provider: OAuthProvider!) { unlinkOAuth(input: {provider: $provider}) {
  unlinked userErrors { code } } }"""


@dataclass
class Page(RealClient):
    """A page in a browser, which keeps cookies; the page keeps what it was told to."""

    verifier: str = ""


async def to_provider(page: Page, name: str = "WECHAT", token: str | None = None, **more: Any) -> str:
    """Begin a login; gives the address of the callback that the provider sends the browser to."""
    answer = await page(START, token, input={"provider": name, "returnTo": PAGE, **more})
    begun = answer.data["startOAuth"]
    assert begun["userErrors"] == []
    page.verifier = begun["verifier"]
    return await through_provider(page, begun["authorizeUrl"])


async def through_provider(page: Page, address: str) -> str:
    """Go where a login begins, and on to the provider; gives the address that it sends the browser to."""
    sent = await page.http.get(address)
    assert sent.status_code == 303, sent.text
    assert sent.headers["referrer-policy"] == "no-referrer"
    async with httpx.AsyncClient() as outside:
        sent_back = await outside.get(sent.headers["location"].partition("#")[0])
    return sent_back.headers["location"]


async def back(page: Page, address: str, to: str = PAGE) -> dict[str, str]:
    """What the browser takes along to the page that it ends at."""
    answer = await page.http.get(address)
    assert answer.status_code == 303, answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    ends_at, _, told = answer.headers["location"].partition("#")
    assert ends_at == to
    return {name: values[0] for name, values in parse_qs(told).items()}


async def exchanged(page: Page, code: str, token: str | None = None) -> dict[str, Any]:
    """What a one-time code is exchanged for."""
    answer = await page(EXCHANGE, token, code=code, verifier=page.verifier)
    payload: dict[str, Any] = answer.data["exchangeOAuthCode"]
    return payload


async def logged_in(page: Page, name: str = "WECHAT") -> dict[str, Any]:
    """What the exchange of the one-time code gives."""
    told = await back(page, await to_provider(page, name))
    return await exchanged(page, told["code"])


async def linking(page: Page, token: str, name: str = "WECHAT") -> dict[str, Any]:
    """What linking an account for whoever is logged in gives."""
    told = await back(page, await to_provider(page, name, token, link=True))
    return await exchanged(page, told["code"], token)


async def bound(page: Page, name: str = "WECHAT") -> dict[str, Any]:
    """What binding an external account to Ann's gives."""
    first = await logged_in(page, name)
    given = {"bindToken": first["bindToken"], "login": "Ann", "password": PASSWORD}
    payload: dict[str, Any] = (await page(BIND, input=given)).data["bindOAuth"]
    return payload
