"""
WeChat and Feishu, as far as a login goes: ``python -m tests.fakes.oauth_provider 9100`` for development.

Whoever asks for the authorization page is logged in at once as the person that the server was told of, and is
sent back with a code that is good once.
"""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served

APP_ID, SECRET = "the-app", "the-canary-of-the-app"


@dataclass
class Fake:
    """
    The state of the providers.

    Attributes:
        person: What the profile says of whoever logs in next.
        raw_nickname: The bytes of the nickname that WeChat tells, between the quotes; None for the usual one.
        fails: What goes wrong: ``garbage``, ``huge``; None for nothing.
        token: The access token that is given out.
        refresh_token: The refresh token that WeChat gives along with it.
        asked: The paths that were asked for, with what came along.
    """

    port: int = 0
    person: dict[str, Any] = field(default_factory=dict)
    raw_nickname: bytes | None = None
    fails: str | None = None
    token: str = "the-canary-of-the-provider"
    refresh_token: str = "r"
    codes: set[str] = field(default_factory=set)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/connect/qrconnect", self.authorize),
                Route("/open-apis/authen/v1/authorize", self.authorize),
                Route("/sns/oauth2/access_token", self.wechat_token),
                Route("/sns/userinfo", self.wechat_profile),
                Route("/open-apis/authen/v2/oauth/token", self.feishu_token, methods=["POST"]),
                Route("/open-apis/authen/v1/user_info", self.feishu_profile),
            ]
        )

    async def authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append((request.url.path, query))
        assert query["response_type"] == "code"
        assert query.get("appid", query.get("client_id")) == APP_ID
        code = secrets.token_urlsafe(8)
        self.codes.add(code)
        back = urlencode({"code": code, "state": query["state"]})
        return RedirectResponse(f"{query['redirect_uri']}?{back}", 302)

    async def wechat_token(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append((request.url.path, query))
        if self.fails is not None:
            return self.failure()
        known = (query["appid"], query["secret"], query["grant_type"])
        if known != (APP_ID, SECRET, "authorization_code") or query["code"] not in self.codes:
            return JSONResponse({"errcode": 40029, "errmsg": "invalid code"})
        self.codes.remove(query["code"])
        told = {"access_token": self.token, "expires_in": 7200, "openid": "o-1"}
        told["refresh_token"] = self.refresh_token
        return JSONResponse(told | {key: self.person[key] for key in ("openid",) if key in self.person})

    async def wechat_profile(self, request: Request) -> Response:
        assert request.query_params["access_token"] == self.token
        profile = {"openid": "o-1", "nickname": "小明", "headimgurl": "https://x.example/a"} | self.person
        answer = JSONResponse(profile)
        if self.raw_nickname is None:
            return answer
        # as it does: without a backslash before what JSON wants one for
        usual = str(profile["nickname"]).encode()
        return Response(bytes(answer.body).replace(usual, self.raw_nickname), media_type="text/plain")

    async def feishu_token(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append((request.url.path, body))
        if self.fails is not None:
            return self.failure()
        known = (body["client_id"], body["client_secret"], body["grant_type"])
        if known != (APP_ID, SECRET, "authorization_code") or body["code"] not in self.codes:
            return JSONResponse({"code": 20003, "error": "invalid_grant"}, 400)
        assert body["redirect_uri"].endswith("/api/auth/oauth/feishu/callback")
        self.codes.remove(body["code"])
        return JSONResponse({"code": 0, "access_token": self.token, "expires_in": 7200})

    async def feishu_profile(self, request: Request) -> Response:
        assert request.headers["authorization"] == f"Bearer {self.token}"
        profile = {"open_id": "ou-1", "union_id": "on-1", "name": "Ming", "email": "ming@example.org"}
        return JSONResponse({"code": 0, "data": profile | self.person})

    def failure(self) -> Response:
        return PlainTextResponse("x" * 200_000 if self.fails == "huge" else "<html>busy</html>")


@contextmanager
def fake_provider() -> Iterator[Fake]:
    """The providers on a free port of this machine, in a thread of their own."""
    fake = Fake()
    with served(fake.application()) as fake.port:
        yield fake


if __name__ == "__main__":
    uvicorn.run(Fake().application(), host="127.0.0.1", port=int(sys.argv[1]))
