"""
HTTP requests of workflows, to public addresses alone.

The name of a host is resolved here and its addresses are checked, and the connection goes to the very address
that was checked: a name that leads elsewhere a moment later is of no use. Each redirect is looked at anew. No
connection is kept, so that none is ever used for another host than the one that it was made for.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpx

from ecoctrl_gql.workflows.nodes.addresses import Allowed
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

MAX_BODY_BYTES: Final = 1_000_000
MAX_REDIRECTS: Final = 5
PORTS: Final = {"http": 80, "https": 443}
REDIRECTS: Final = (301, 302, 303, 307, 308)
FOR_OTHERS: Final = ("accept", "accept-language", "content-type", "idempotency-key", "user-agent")
"""Headers that go along to another origin: any other may hold a secret, whatever its name (X-Api-Key)."""
OURS: Final = ("host", "content-length", "transfer-encoding", "connection", "upgrade", "accept-encoding")
"""Headers that are the connection's own business."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What a web server answered."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    encoding: str


async def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name leads to, in the order of the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]).split("%")[0] for *_, address in found]


class Web:
    """Sends requests; made once a process."""

    def __init__(self, allowed: Allowed, find: Resolve = resolve) -> None:
        self._allowed, self._resolve = allowed, find
        self._tls: ssl.SSLContext | None = None

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> WebAnswer:
        """
        Send a request and follow where its answer leads.

        Args:
            method: Such as GET.
            url: Where to.
            headers: Those of the request.
            body: The body, if there is one.
            timeout_s: How long all of it may take, in seconds.

        Raises:
            NodeFailure: The address is not allowed or no address, nobody answers in time, or the answer is
                too large.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self._follow(method, url, dict(headers), body)
        except TimeoutError:
            raise NodeFailure(f"{_shown(url)} did not answer within {timeout_s:g} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error) as error:
            raise NodeFailure(f"{_shown(url)} could not be asked: {_reason(error)}.") from None

    async def _follow(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> WebAnswer:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask_once(method, url, headers, body)
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                return answer
            here, url = url, urljoin(url, target)
            if _origin(here) != _origin(url):
                headers = {name: value for name, value in headers.items() if name.lower() in FOR_OTHERS}
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, body = "GET", None
        raise NodeFailure(f"{_shown(url)} leads on and on; {MAX_REDIRECTS} redirects are the most.")

    async def _ask_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        parsed = _parsed(url)
        address = await self._checked_address(parsed)
        own = {"Host": parsed.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        given = {name: value for name, value in headers.items() if name.lower() not in OURS}
        async with httpx.AsyncClient(
            verify=await self._context(),
            trust_env=False,
            timeout=httpx.Timeout(None),  # that of the whole counts
            limits=httpx.Limits(max_keepalive_connections=0),
        ) as client:
            request = client.build_request(
                method,
                parsed.copy_with(host=address),
                headers={**given, **own},
                content=body,
                extensions={"sni_hostname": parsed.raw_host.decode("ascii")},
            )
            answer = await client.send(request, stream=True)
            try:
                return await _read(answer)
            finally:
                await answer.aclose()

    async def _checked_address(self, url: httpx.URL) -> str:
        port = url.port or PORTS[url.scheme]
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError):
            raise NodeFailure(f"There is no host {url.host}.") from None
        if not addresses or not all(self._allowed.admits(url.host, address) for address in addresses):
            raise NodeFailure(
                f"{url.host} is not public; workflows reach it only where WORKFLOW_HTTP_ALLOW names it."
            )
        return addresses[0]

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)  # it reads all certificates
        return self._tls


def _parsed(url: str) -> httpx.URL:
    parsed = httpx.URL(url.strip())
    if parsed.scheme not in PORTS or not parsed.host:
        raise NodeFailure(f"{_shown(url)} is no address of a web service.")
    if parsed.userinfo:
        raise NodeFailure(f"{_shown(url)}: a name and password belong in the header Authorization.")
    return parsed


async def _read(answer: httpx.Response) -> WebAnswer:
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise NodeFailure(f"The answer has more than {MAX_BODY_BYTES:,} bytes.")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return WebAnswer(
        answer.status_code,
        answer.reason_phrase,
        headers,
        _decoded(bytes(body), headers.get("content-encoding", "")),
        answer.charset_encoding or "utf-8",
    )


def _decoded(body: bytes, encoding: str) -> bytes:
    """What a server packed although nobody asked it to; a little that would become very much is refused."""
    if encoding.lower() in ("", "identity"):
        return body
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise NodeFailure(f"The answer is packed in a way that is not known here: {encoding[:40]}.")
    plain = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, MAX_BODY_BYTES + 1)
    if len(plain) > MAX_BODY_BYTES:
        raise NodeFailure(f"The answer has more than {MAX_BODY_BYTES:,} bytes.")
    return plain


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port


def _shown(url: str) -> str:
    """An address without what may be secret in it: the user, the query."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, TypeError):
        return "The address"
    return (
        str(parsed.copy_with(username=None, password=None, query=None, fragment=None))[:200] or "The address"
    )


def _reason(error: Exception) -> str:
    match error:
        case httpx.ConnectError():
            return "no connection"
        case httpx.InvalidURL():
            return "it is no address"
        case httpx.LocalProtocolError():
            return "a header holds what no header may"
        case httpx.RemoteProtocolError():
            return "its answer is no HTTP"
        case UnicodeError():
            return "a header or the address holds characters that it can't"
    return type(error).__name__
