"""The providers' own contracts: where a browser is sent, and who came back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
import orjson

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.errors import EcoctrlError

TIMEOUT_S = 10.0
MOST_BYTES = 100_000


class ProviderError(EcoctrlError):
    """The provider did not say who the person is."""

    code = "PROVIDER_FAILED"


@dataclass(frozen=True, slots=True)
class Identity:
    """
    A person as a provider knows them.

    Attributes:
        user_id: The provider's stable id of the person.
        open_id: The id that the provider's app alone knows the person by; None where there is none.
    """

    provider: OAuthProvider
    user_id: str
    open_id: str | None
    nickname: str | None
    avatar_url: str | None
    email: str | None
    access_token: str | None
    refresh_token: str | None
    expires_at: datetime | None


class Provider(Protocol):
    id: OAuthProvider
    name: str

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where to send the browser."""
        ...

    async def identify(self, code: str, redirect_uri: str) -> Identity:
        """
        Who came back with this code.

        Raises:
            ProviderError: The provider does not take the code, or can't be reached.
        """
        ...


class WeChat:
    """
    WeChat: everything by GET with the secret in the query, and failures with status 200.

    A person is known by ``unionid``, which all apps of one owner share, or else by the app's ``openid``.
    """

    id = OAuthProvider.WECHAT
    name = "WeChat"

    def __init__(self, app_id: str, secret: str, open_url: str, api_url: str) -> None:
        self._app_id, self._secret, self._open_url, self._api_url = app_id, secret, open_url, api_url

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        query = urlencode(
            {
                "appid": self._app_id,
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": "snsapi_login",
                "state": state,
            }
        )
        return f"{self._open_url}/connect/qrconnect?{query}#wechat_redirect"

    async def identify(self, code: str, redirect_uri: str) -> Identity:
        del redirect_uri  # WeChat does not want it again
        token = await self._get(
            "/sns/oauth2/access_token",
            {
                "appid": self._app_id,
                "secret": self._secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
        access_token, open_id = _text(token, "access_token"), _text(token, "openid")
        profile = await self._get("/sns/userinfo", {"access_token": access_token, "openid": open_id})
        union_id = _optional(profile, "unionid") or _optional(token, "unionid")
        return Identity(
            provider=self.id,
            user_id=union_id or open_id,
            open_id=open_id,
            nickname=_optional(profile, "nickname"),
            avatar_url=_optional(profile, "headimgurl"),
            email=None,
            access_token=access_token,
            refresh_token=_optional(token, "refresh_token"),
            expires_at=_expiry(token, 7200),
        )

    async def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        answer = await _ask("GET", self._api_url + path, params=query)
        if answer.get("errcode"):
            raise ProviderError(f"WeChat answers with error {answer['errcode']!r:.20}.")
        return answer


class Feishu:
    """Feishu: the token by JSON, answered flat; the profile by bearer token, answered within ``data``."""

    id = OAuthProvider.FEISHU
    name = "Feishu"

    def __init__(self, app_id: str, secret: str, accounts_url: str, api_url: str) -> None:
        self._app_id, self._secret, self._accounts_url, self._api_url = app_id, secret, accounts_url, api_url

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        query = urlencode(
            {
                "client_id": self._app_id,
                "response_type": "code",
                "redirect_uri": redirect_uri,
                "state": state,
            }
        )
        return f"{self._accounts_url}/open-apis/authen/v1/authorize?{query}"

    async def identify(self, code: str, redirect_uri: str) -> Identity:
        body = {
            "grant_type": "authorization_code",
            "client_id": self._app_id,
            "client_secret": self._secret,
            "code": code,
            "redirect_uri": redirect_uri,
        }
        token = self._good(await _ask("POST", f"{self._api_url}/open-apis/authen/v2/oauth/token", json=body))
        access_token = _text(token, "access_token")
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = self._good(
            await _ask("GET", f"{self._api_url}/open-apis/authen/v1/user_info", headers=headers)
        )
        profile = answer.get("data")
        if not isinstance(profile, dict):
            raise ProviderError("Feishu answers without a profile.")
        open_id = _optional(profile, "open_id")
        return Identity(
            provider=self.id,
            user_id=_optional(profile, "union_id") or _text(profile, "open_id"),
            open_id=open_id,
            nickname=_optional(profile, "name"),
            avatar_url=_optional(profile, "avatar_url"),
            email=_optional(profile, "email"),
            access_token=access_token,
            refresh_token=_optional(token, "refresh_token"),
            expires_at=_expiry(token, 7200),
        )

    @staticmethod
    def _good(answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("code") != 0:
            raise ProviderError(f"Feishu answers with code {answer.get('code')!r:.20}.")
        return answer


def configured(settings: Settings) -> dict[OAuthProvider, Provider]:
    """The providers whose app is configured."""
    found: dict[OAuthProvider, Provider] = {}
    if settings.wechat_app_id and settings.wechat_app_secret:
        found[OAuthProvider.WECHAT] = WeChat(
            settings.wechat_app_id,
            settings.wechat_app_secret.get_secret_value(),
            settings.wechat_open_url,
            settings.wechat_api_url,
        )
    if settings.feishu_app_id and settings.feishu_app_secret:
        found[OAuthProvider.FEISHU] = Feishu(
            settings.feishu_app_id,
            settings.feishu_app_secret.get_secret_value(),
            settings.feishu_accounts_url,
            settings.feishu_api_url,
        )
    return found


async def _ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **options) as response,
        ):
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise ProviderError("The provider answers more than anybody could mean.")
            answer = orjson.loads(body)
    except (httpx.HTTPError, ValueError):
        raise ProviderError("The provider can't be reached, or answers nonsense.") from None
    if not isinstance(answer, dict):
        raise ProviderError("The provider answers nonsense.")
    return answer


def _text(answer: dict[str, Any], name: str) -> str:
    value = _optional(answer, name)
    if value is None:
        raise ProviderError(f"The provider answers without {name}.")
    return value


def _optional(answer: dict[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= 2_000 and "\0" not in value else None


def _expiry(token: dict[str, Any], default_s: int) -> datetime:
    seconds = token.get("expires_in")
    usable = isinstance(seconds, int) and 0 < seconds < 10**8
    return datetime.now(UTC) + timedelta(seconds=seconds if usable and seconds else default_s)
