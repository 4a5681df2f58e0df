"""
Two tabs, lost answers and a thief, in whatever order.

No honest client is thrown out, and no replay goes unnoticed.

Many stories are played at the same time, each with a session of its own. ``REFRESH_STORIES`` says how many,
``REFRESH_SEED`` which.
"""

import asyncio
import os
import random

import pytest

from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.errors import UnauthenticatedError

STORIES = int(os.environ.get("REFRESH_STORIES", "600"))
AT_ONCE = 16
STEPS = 7
AGE = "UPDATE spent_refresh_tokens SET spent_at = spent_at - interval '21 s' WHERE session_id = %s"


class Story:
    """What happens to one session: ``tabs`` has an honest client's tokens, ``stolen`` a thief's."""

    def __init__(self, db, sessions, session_id, token, choice) -> None:
        self.db, self.sessions, self.session_id, self.choice = db, sessions, session_id, choice
        self.tabs = [token, token]
        self.stolen: list[str] = []
        self.fresh: list[str] = [token]

    async def refresh(self, token: str) -> str | None:
        try:
            return (await self.sessions.refresh(token, Origin())).refresh_token
        except UnauthenticatedError:
            return None

    async def play(self) -> bool:
        """Play a few steps; whether a thief's replay has ended it."""
        for _ in range(STEPS):
            step = self.choice.choice([self.one_tab, self.both_tabs, self.lost_answer, self.time_passes])
            await step()
            if self.stolen and self.choice.random() < 0.15:
                await self.replay()
                return True
        return False

    async def honest(self, *tabs: int) -> list[str]:
        given = await asyncio.gather(*(self.refresh(self.tabs[tab]) for tab in tabs))
        assert None not in given, "an honest client was thrown out"
        self.fresh += given
        return given

    async def one_tab(self) -> None:
        tab = self.choice.randrange(2)
        [self.tabs[tab]] = await self.honest(tab)

    async def both_tabs(self) -> None:
        self.tabs = await self.honest(0, 1)

    async def lost_answer(self) -> None:
        await self.honest(self.choice.randrange(2))

    async def time_passes(self) -> None:
        """Tabs share what came last before they rest; what was spent until then is worth nothing later."""
        [newest] = await self.honest(self.choice.randrange(2))
        self.tabs = [newest, newest]
        self.stolen += [token for token in self.fresh if token != newest]
        self.fresh = [newest]
        async with self.db.connection() as connection:
            await connection.execute(AGE, [self.session_id])

    async def replay(self) -> None:
        assert await self.refresh(self.choice.choice(self.stolen)) is None, "a replay was answered"
        assert await self.refresh(self.tabs[0]) is None, "a replay has not ended the chain"


@pytest.mark.timeout(600)
async def test_stories_end_as_they_must(db, make, settings):
    seed = int(os.environ.get("REFRESH_SEED", "0")) or random.randrange(10**9)
    print(f"REFRESH_SEED={seed}")  # noqa: T201  # to play the same stories again
    sessions = Auth(db, settings).sessions
    await make.platform_config(sessions_per_user=0)
    user = await make.user()
    waiting = list(range(STORIES))
    replayed = 0

    async def tell() -> None:
        nonlocal replayed
        while waiting:
            choice = random.Random(seed * STORIES + waiting.pop())
            async with db.transaction() as repos:
                begun = await sessions.begin(repos, user.id, Origin())
            story = Story(db, sessions, begun.session_id, begun.refresh_token, choice)
            ended = await story.play()
            replayed += ended

    await asyncio.gather(*(tell() for _ in range(AT_ONCE)))

    async with db.connection() as connection:
        found = await connection.execute(
            "SELECT count(*), count(DISTINCT details->>'session') FROM audit_entries"
            " WHERE action = 'session.replayed'"
        )
        assert await found.fetchone() == (replayed, replayed)
        kept = await connection.execute("SELECT count(*) FROM refresh_tokens")
        assert await kept.fetchone() == (STORIES - replayed,)
    assert replayed > STORIES / 20
