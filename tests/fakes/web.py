"""Web services that workflows ask: each by the name of its host, as the first part of the path."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served

Answer = Callable[[Request], Response]


@dataclass
class Asked:
    """A request that came."""

    host: str
    path: str
    method: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeWeb:
    """
    What is answered, and what was asked.

    Attributes:
        answers: By host: a value that is sent as JSON, or a list of them, each given once but the last.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def application(self) -> Starlette:
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return Starlette(routes=[Route("/{host}/{path:path}", self.answer, methods=methods)])

    async def answer(self, request: Request) -> Response:
        host = request.path_params["host"]
        self.asked.append(
            Asked(
                host,
                request.path_params["path"],
                request.method,
                dict(request.headers),
                await request.body(),
            )
        )
        answer = self.answers.get(host, Response(status_code=404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(request)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    def of(self, host: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.host == host]


@contextmanager
def fake_web() -> Iterator[FakeWeb]:
    """The services on a free port of this machine."""
    web = FakeWeb()
    with served(web.application()) as port:
        web.url = f"http://127.0.0.1:{port}"
        yield web
