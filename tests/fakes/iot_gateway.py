"""A gateway that speaks the real one's contract over HTTP: tokens, values, history, writes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served

APP_ID = "app-1"
PATH = "/_webtalk/_cur/api"


@dataclass
class FakeGateway:
    """
    What the gateway knows and has been asked.

    Attributes:
        points: The values of its points; those that are not there are not answered.
        history: The past of points, a list of values each.
        flat: Whether it answers by the shorter of its two forms.
        fails: What it does in place of answering: busy, text, or huge; None for nothing.
        expired: How many of the next calls it refuses because the token expired.
    """

    points: dict[str, Any] = field(default_factory=dict)
    history: dict[str, list[Any]] = field(default_factory=dict)
    flat: bool = False
    fails: str | None = None
    expired: int = 0
    tokens: int = 0
    refreshes: int = 0
    asked: list[tuple[str, Any]] = field(default_factory=list)
    written: list[tuple[str, Any, bool]] = field(default_factory=list)
    url: str = ""

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{PATH}/access_token", self.token),
                Route(f"{PATH}/{{operation}}", self.operate, methods=["POST"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        query = request.query_params
        self.asked.append(("access_token", dict(query)))
        if query["appId"] != APP_ID:
            return JSONResponse({"code": 401, "msg": "unknown app"})
        if query["grant_type"] == "refresh":
            self.refreshes += 1
            if query["refreshToken"] != f"refresh-{self.tokens}":
                return JSONResponse({"code": 401, "msg": "unknown refresh token"})
        self.tokens += 1
        return JSONResponse(
            {"code": 200, "access_token": f"token-{self.tokens}", "refresh_token": f"refresh-{self.tokens}"}
        )

    async def operate(self, request: Request) -> Response:
        operation, body = request.path_params["operation"], json.loads(await request.body())
        self.asked.append((operation, body))
        assert request.headers["appid"] == APP_ID
        if self.fails is not None:
            return self.failure()
        if self.expired or request.headers["token"] != f"token-{self.tokens}":
            self.expired = max(0, self.expired - 1)
            return JSONResponse({"code": 301, "msg": "token expired"})
        return JSONResponse(self.answer(operation, body))

    def answer(self, operation: str, body: Any) -> dict[str, Any]:
        if operation == "getCodesVal":
            known = {code: self.points[code] for code in body["codes"] if code in self.points}
            if self.flat:
                return {"code": 200, **known}
            listed = [
                {"pointId": code, "value": value, "time": "2026-11-28 07:00:00"}
                for code, value in known.items()
            ]
            return {"code": 200, "ResultPointObjArr": listed}
        if operation == "getCodesHisVal":
            listed = [
                {"pointId": code, "data": [{"value": value} for value in self.history.get(code, [])]}
                for code in body["codes"]
            ]
            return {"code": 200, "ResultPointObjArr": listed}
        for point in body["aryPoints"]:
            self.points[point["pointId"]] = point["value"]
            self.written.append((point["pointId"], point["value"], operation == "forceSetCodesVal"))
        return {"code": 200}

    def failure(self) -> Response:
        if self.fails == "busy":
            return JSONResponse({"code": 500, "msg": "the bus is busy"})
        return PlainTextResponse("x" * (9_000_000 if self.fails == "huge" else 10))


@contextmanager
def fake_gateway() -> Iterator[FakeGateway]:
    """The gateway on a free port of this machine."""
    gateway = FakeGateway()
    with served(gateway.application()) as port:
        gateway.url = f"http://127.0.0.1:{port}"
        yield gateway
