"""The real application with its real login."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import bcrypt
import httpx
import pytest

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.config import Settings
from ecoctrl_gql.logs import configure_logging
from tests.conftest import Answer, RecordingDatabase

PASSWORD = "correct horse battery staple"
HASHED = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
"""Made with little work; a login replaces it by one that took more."""

SIGNED_IN = "accessToken refreshToken expiresAt user { username role } userErrors { code field message }"
LOG_IN = f"""mutation($login: String!, $password: String!) {{
  login(input: {{login: $login, password: $password}}) {{ {SIGNED_IN} }} }}"""
REFRESH = f"""mutation($spent: String!) {{
  refreshSession(input: {{refreshToken: $spent}}) {{ {SIGNED_IN} }} }}"""


@dataclass
class RealClient:
    """Sends what token it is given; nobody's where it is given none."""

    http: httpx.AsyncClient
    db: RecordingDatabase
    auth: Auth

    async def __call__(self, query: str, token: str | None = None, **variables: Any) -> Answer:
        self.db.statements.clear()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        response = await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        answer = response.json()
        return Answer(response.status_code, response.headers, answer.get("data"), answer.get("errors", []))

    async def log_in(self, login: str, password: str = PASSWORD) -> dict[str, Any]:
        """What a login gives."""
        answer = await self(LOG_IN, login=login, password=password)
        assert answer.errors == []
        return answer.data["login"]

    async def refresh(self, token: str) -> dict[str, Any] | None:
        """What a refresh gives; None where the session has ended."""
        answer = await self(REFRESH, spent=token)
        if answer.errors:
            assert answer.codes == ["UNAUTHENTICATED"]
            return None
        return answer.data["refreshSession"]

    async def execute(self, statement: str, *parameters: object) -> list[tuple]:
        """Run a statement past the application."""
        async with self.db.connection() as connection:
            cursor = await connection.execute(statement, parameters or None)
            return await cursor.fetchall() if cursor.description else []


@pytest.fixture
async def real(db: RecordingDatabase, settings: Settings) -> AsyncIterator[RealClient]:
    auth = Auth(db, settings)
    transport = httpx.ASGITransport(create_app(settings, db, auth))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8000", headers={"User-Agent": "The tests"}
    ) as http:
        yield RealClient(http, db, auth)


@pytest.fixture
async def ann(make):
    """An operator who can log in."""
    return await make.user(username="Ann", email="ann@example.org", role="operator", password=HASHED)


@pytest.fixture
def log(settings: Settings) -> Iterator[io.StringIO]:
    """All that is logged, down to the level debug."""
    handlers, stream = logging.getLogger().handlers, io.StringIO()
    configure_logging(settings.model_copy(update={"log_level": "debug"}), stream)
    yield stream
    logging.getLogger().handlers = handlers
