"""
The IoT gateway, by its own contract: a token by GET, all else by POST with JSON, failures with status 200.

A token that the gateway no longer knows (``code`` 301 or 302) is got anew, once a call.
"""

import asyncio
import base64
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import orjson

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import EcoctrlError

PATH: Final = "/_webtalk/_cur/api"
TIMEOUT_S: Final = 15.0
MAX_BYTES: Final = 8_000_000
GOOD: Final = 200
TOKEN_EXPIRED: Final = (301, 302)
REFRESH_BEFORE: Final = timedelta(minutes=5)
LIFETIME_IF_UNKNOWN: Final = timedelta(hours=2)
LATEST: Final = 253_402_300_800.0
"""The year 10000, in seconds since 1970: what expires later than that says nonsense."""
TOKEN_COLUMNS: Final = frozenset({"access_token", "refresh_token", "expires_at"})


class GatewayError(EcoctrlError):
    """The gateway can't be reached, or refuses; the message says which."""

    code = "GATEWAY_FAILED"


class Gateway:
    """
    Talks to the gateway; made once a process.

    The token is kept in the database, for all processes; one of them at a time gets a new one.
    """

    def __init__(self, settings: Settings, db: Database) -> None:
        self._base = (settings.base_url or "").rstrip("/")
        self._app_id = settings.app_id or ""
        self._db = db
        self._tls: ssl.SSLContext | None = None
        self._renewing = asyncio.Lock()

    async def values(self, codes: list[str]) -> dict[str, Any]:
        """What points are at now, as the gateway tells it. Raises GatewayError."""
        return await self._call("getCodesVal", {"codes": codes})

    async def history(self, codes: list[str], start: str, end: str, interval: Any = None) -> dict[str, Any]:
        """What points were at, as the gateway tells it. Raises GatewayError."""
        body = {"codes": codes, "starttime": start, "endtime": end}
        return await self._call(
            "getCodesHisVal", body if interval is None else {**body, "interval": interval}
        )

    async def write(self, code: str, value: Any, *, force: bool = False) -> dict[str, Any]:
        """Set a point; by force also where something holds it. Raises GatewayError."""
        points = {"aryPoints": [{"pointId": code, "value": value}]}
        return await self._call("forceSetCodesVal" if force else "setCodesVal", points)

    async def _call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if not self._base or not self._app_id:
            raise GatewayError("No IoT gateway is configured: set BASE_URL and APP_ID.")
        token = await self._token()
        answer = await self._post(operation, body, token)
        if answer.get("code") in TOKEN_EXPIRED:
            token = await self._renewed(token)
            answer = await self._post(operation, body, token)
        if answer.get("code") != GOOD:
            said = str(answer.get("error") or answer.get("msg") or f"code {answer.get('code')}")
            raise GatewayError(f"The IoT gateway refused: {said.replace(token, '…')[:300]}")
        return answer

    async def _post(self, operation: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        headers = {"appId": self._app_id, "Token": token, "Content-Type": "application/json"}
        try:
            content = orjson.dumps(body)
        except TypeError:
            raise GatewayError("The request holds half a character, or a number that is no JSON.") from None
        return await self._ask("POST", f"{PATH}/{operation}", headers=headers, content=content)

    async def _token(self) -> str:
        """The access token, renewed some minutes before it expires."""
        kept = await self._db.repositories().iot_tokens.only(TOKEN_COLUMNS)
        if kept is not None and kept.expires_at > _millis(datetime.now(UTC) + REFRESH_BEFORE):
            return kept.access_token
        return await self._renewed(kept.access_token if kept else None)

    async def _renewed(self, old: str | None) -> str:
        """Another token than the old one: got here, or by somebody else meanwhile."""
        async with self._renewing, self._db.transaction() as repos:
            await repos.lock("gateway token")
            kept = await repos.iot_tokens.only(TOKEN_COLUMNS)
            if kept is not None and kept.access_token != old:
                return kept.access_token
            got = await self._get_token(kept.refresh_token if kept else None)
            await repos.iot_tokens.put(
                access_token=got["access_token"],
                refresh_token=got["refresh_token"],
                expires_at=_expiry(got["access_token"]),
            )
            return str(got["access_token"])

    async def _get_token(self, refresh_token: str | None) -> dict[str, str]:
        ways = [{"grant_type": "authorization"}]
        if refresh_token:
            ways.insert(0, {"grant_type": "refresh", "refreshToken": refresh_token})
        for way in ways:
            answer = await self._ask("GET", f"{PATH}/access_token", params={**way, "appId": self._app_id})
            given = answer.get("access_token"), answer.get("refresh_token")
            if answer.get("code", GOOD) == GOOD and all(isinstance(each, str) and each for each in given):
                return answer
        raise GatewayError("The IoT gateway gives no token: see that BASE_URL and APP_ID are right.")

    async def _ask(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                httpx.AsyncClient(verify=await self._context(), trust_env=False, timeout=TIMEOUT_S) as client,
                client.stream(method, f"{self._base}{path}", **parts) as answer,
            ):
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise GatewayError("The IoT gateway answered with too much.")
                parsed = orjson.loads(body)
        except TimeoutError:
            raise GatewayError(f"The IoT gateway did not answer within {TIMEOUT_S:g} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise GatewayError("The IoT gateway can't be reached.") from None
        except ValueError:
            raise GatewayError("The IoT gateway answered without JSON.") from None
        if not isinstance(parsed, dict):
            raise GatewayError("The IoT gateway answered with something that is no object.")
        return parsed

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)  # it reads all certificates
        return self._tls


def point_values(answer: dict[str, Any]) -> dict[str, Any]:
    """The values by point in an answer about the present, whichever of its two forms it has."""
    listed = answer.get("ResultPointObjArr")
    if isinstance(listed, list):
        return {
            str(name): point.get("value")
            for point in listed
            if isinstance(point, dict)
            and (name := next((point[key] for key in _NAMES if point.get(key)), None)) is not None
        }
    return {
        name: value.get("value") if isinstance(value, dict) else value
        for name, value in answer.items()
        if name not in ("code", "msg", "error")
    }


_NAMES = ("pointId", "name", "code", "pointName")


def _expiry(token: str) -> int:
    """When a token expires, in milliseconds since 1970: what it says itself, or in two hours."""
    try:
        payload = token.split(".")[1]
        expires = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        if 1e9 < float(expires) < LATEST:
            return int(float(expires) * 1000)
    except (IndexError, KeyError, TypeError, ValueError):
        pass
    return _millis(datetime.now(UTC) + LIFETIME_IF_UNKNOWN)


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
