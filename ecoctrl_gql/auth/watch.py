"""What stays open is ended when the right to it ends: websockets and event streams."""

import asyncio
from collections import defaultdict

import structlog

from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.errors import TokenExpiredError, UnauthenticatedError, UnavailableError
from ecoctrl_gql.http.gate import End
from ecoctrl_gql.tasks import end

EVERY_S = 0.5

EXPIRED = 4401
REVOKED = 4403

CHANGED = "Your rights have changed; connect again."

log = structlog.stdlib.get_logger("ecoctrl.security")


class Watched:
    """
    Something open, and the token that opened it.

    Attributes:
        authorization: What was sent as ``Authorization``; to be replaced by one with a newer token.
        caller: Who sent it.
    """

    def __init__(self, authorization: str, caller: Caller, end: End) -> None:
        self.authorization = authorization
        self.caller = caller
        self.end = end


class Watch:
    """
    Looks twice a second whether what is open may stay so, and ends it otherwise.

    It is ended with `EXPIRED` when its access token has expired, with `REVOKED` when its session has ended
    or its user may do something else than when it was opened.
    """

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._open: set[Watched] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    def add(self, watched: Watched) -> None:
        self._open.add(watched)

    def remove(self, watched: Watched) -> None:
        self._open.discard(watched)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self._look()
            except Exception:
                log.exception("Open connections could not be checked")

    async def _look(self) -> None:
        # Each token once and all at the same time, so that the sessions are looked up in one statement.
        by_token: dict[tuple[str, Caller], list[Watched]] = defaultdict(list)
        for watched in self._open:
            by_token[watched.authorization, watched.caller].append(watched)
        reasons = await asyncio.gather(*(self._reason(*token) for token in by_token))
        for opened, reason in zip(by_token.values(), reasons, strict=True):
            if reason is not None:
                self._end(opened, *reason)

    def _end(self, opened: list[Watched], code: int, reason: str) -> None:
        for watched in opened:
            if watched in self._open:
                self._open.discard(watched)
                watched.end(code, reason)

    async def _reason(self, authorization: str, opened_as: Caller) -> tuple[int, str] | None:
        """Why something has to end: the close code and a sentence; None where it may stay open."""
        try:
            caller = await self._callers.of(authorization)
        except TokenExpiredError as error:
            return EXPIRED, error.message
        except UnauthenticatedError as error:
            return REVOKED, error.message
        except UnavailableError:  # it will be asked again
            return None
        return None if caller == opened_as else (REVOKED, CHANGED)
