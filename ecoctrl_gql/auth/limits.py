"""How often something may be tried: counted in the database, so for all processes together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import ceil

from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import RateLimitedError


@dataclass(frozen=True, slots=True)
class Limit:
    """
    A bucket of attempts for each subject, which fills again evenly.

    Attributes:
        name: What is limited.
        attempts: How many may come at once.
        period_s: In how many seconds an empty bucket is full again.
    """

    name: str
    attempts: int
    period_s: float


async def take(db: Database, limit: Limit, *subject: str) -> None:
    """
    Count an attempt, before it is carried out.

    Args:
        db: The database.
        limit: What is tried.
        subject: By whom, or on what; each has a bucket of its own.

    Raises:
        RateLimitedError: There were too many; this one does not count.
    """
    per_second = limit.attempts / limit.period_s
    left = await db.repositories().rate_limits.take(_key(limit, subject), limit.attempts, per_second)
    if left < 0:
        raise RateLimitedError(
            "Too many attempts. Try again later.", retry_after_s=max(1, ceil(-left / per_second))
        )


async def give_back(db: Database, limit: Limit, *subject: str) -> None:
    """Take an attempt out of the count again."""
    await db.repositories().rate_limits.give_back(_key(limit, subject), limit.attempts)


@asynccontextmanager
async def counted(db: Database, limit: Limit, *subject: str) -> AsyncIterator[None]:
    """
    Count what the block tries, unless it succeeds.

    Raises:
        RateLimitedError: As for `take`.
    """
    await take(db, limit, *subject)
    yield
    await give_back(db, limit, *subject)


def _key(limit: Limit, subject: tuple[str, ...]) -> str:
    # Hashed, so that the table does not tell who tried to log in from where.
    return secret_hash("\0".join((limit.name, *subject)))
