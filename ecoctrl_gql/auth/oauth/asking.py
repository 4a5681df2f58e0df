"""Asking providers over HTTP."""

import asyncio
import json
from functools import partial
from typing import Any

import httpx

from ecoctrl_gql.errors import EcoctrlError

TIMEOUT_S = 10.0
MOST_BYTES = 100_000


class ProviderError(EcoctrlError):
    """The provider did not say who the person is."""

    code = "PROVIDER_FAILED"


class Asker:
    """
    Asks providers, each time over a connection of its own: one kept open may be gone when it is needed.

    It is made ready once, at the first question and on another thread: reading the certificates that it
    trusts takes longer than many requests.
    """

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """
        The JSON object that is answered.

        Args:
            method: The HTTP method.
            url: The address.
            options: What else httpx takes: ``params``, ``json``, ``headers``.

        Raises:
            ProviderError: There is no answer, or it is something else.
        """
        try:
            async with (await self._ready()).stream(method, url, **options) as response:
                body = b""
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise ProviderError("The provider answers more than anybody could mean.")
            # Not strict: WeChat sends names as they are, with the control characters in them.
            answer = json.loads(body.decode("utf-8", "replace"), strict=False)
        except (httpx.HTTPError, ValueError, RecursionError):
            raise ProviderError("The provider can't be reached, or answers nonsense.") from None
        if not isinstance(answer, dict):
            raise ProviderError("The provider answers nonsense.")
        return answer

    async def close(self) -> None:
        """Let go of what it holds; a later question makes it ready anew."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ready(self) -> httpx.AsyncClient:
        async with self._making:
            if self._client is None:
                # No environment: a proxy that is set for other programs is not to see the logins.
                make = partial(
                    httpx.AsyncClient,
                    timeout=TIMEOUT_S,
                    limits=httpx.Limits(max_keepalive_connections=0),
                    follow_redirects=False,
                    trust_env=False,
                )
                self._client = await asyncio.to_thread(make)
        return self._client
