"""The providers' own contracts: where a browser is sent, and who came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from ecoctrl_gql.auth.oauth.answers import (
    expiry,
    mail_address,
    nickname,
    optional_token,
    person_id,
    picture,
    required_id,
    required_token,
)
from ecoctrl_gql.auth.oauth.asking import Asker, ProviderError
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.enums import OAuthProvider


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

    def __init__(self, asker: Asker, app_id: str, secret: str, open_url: str, api_url: str) -> None:
        self._asker, self._app_id, self._secret = asker, app_id, secret
        self._open_url, self._api_url = open_url, api_url

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
        access_token, open_id = required_token(token, "access_token"), required_id(token, "openid")
        profile = await self._get("/sns/userinfo", {"access_token": access_token, "openid": open_id})
        union_id = person_id(profile, "unionid") or person_id(token, "unionid")
        return Identity(
            provider=self.id,
            user_id=union_id or open_id,
            open_id=open_id,
            nickname=nickname(profile, "nickname"),
            avatar_url=picture(profile, "headimgurl"),
            email=None,
            access_token=access_token,
            refresh_token=optional_token(token, "refresh_token"),
            expires_at=expiry(token, 7200),
        )

    async def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        answer = await self._asker.ask("GET", self._api_url + path, params=query)
        if answer.get("errcode"):
            raise ProviderError(f"WeChat answers with error {answer['errcode']!r:.20}.")
        return answer


class Feishu:
    """Feishu: the token by JSON, answered flat; the profile by bearer token, answered within ``data``."""

    id = OAuthProvider.FEISHU
    name = "Feishu"

    def __init__(self, asker: Asker, app_id: str, secret: str, accounts_url: str, api_url: str) -> None:
        self._asker, self._app_id, self._secret = asker, app_id, secret
        self._accounts_url, self._api_url = accounts_url, api_url

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
        token = self._good(
            await self._asker.ask("POST", f"{self._api_url}/open-apis/authen/v2/oauth/token", json=body)
        )
        access_token = required_token(token, "access_token")
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = self._good(
            await self._asker.ask("GET", f"{self._api_url}/open-apis/authen/v1/user_info", headers=headers)
        )
        profile = answer.get("data")
        if not isinstance(profile, dict):
            raise ProviderError("Feishu answers without a profile.")
        return Identity(
            provider=self.id,
            user_id=person_id(profile, "union_id") or required_id(profile, "open_id"),
            open_id=person_id(profile, "open_id"),
            nickname=nickname(profile, "name"),
            avatar_url=picture(profile, "avatar_url"),
            email=mail_address(profile, "email"),
            access_token=access_token,
            refresh_token=optional_token(token, "refresh_token"),
            expires_at=expiry(token, 7200),
        )

    @staticmethod
    def _good(answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("code") != 0:
            raise ProviderError(f"Feishu answers with code {answer.get('code')!r:.20}.")
        return answer


def configured(settings: Settings, asker: Asker) -> dict[OAuthProvider, Provider]:
    """The providers whose app is configured."""
    found: dict[OAuthProvider, Provider] = {}
    if settings.wechat_app_id and settings.wechat_app_secret:
        found[OAuthProvider.WECHAT] = WeChat(
            asker,
            settings.wechat_app_id,
            settings.wechat_app_secret.get_secret_value(),
            settings.wechat_open_url,
            settings.wechat_api_url,
        )
    if settings.feishu_app_id and settings.feishu_app_secret:
        found[OAuthProvider.FEISHU] = Feishu(
            asker,
            settings.feishu_app_id,
            settings.feishu_app_secret.get_secret_value(),
            settings.feishu_accounts_url,
            settings.feishu_api_url,
        )
    return found
