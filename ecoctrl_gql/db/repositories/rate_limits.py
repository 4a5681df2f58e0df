from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.rate_limits import RateLimitRow

# What was left, filled up since, less one. Below zero says that there was none to take: then the one that
# was owed is not counted, so that asking in vain costs nothing.
TAKE: Statement[float] = Statement(
    """
    INSERT INTO rate_limits AS held (key, tokens, updated_at)
    VALUES (%(key)s, %(capacity)s - 1, now())
    ON CONFLICT (key) DO UPDATE SET updated_at = now(), tokens = least(
        %(capacity)s,
        CASE WHEN held.tokens < 0 THEN held.tokens + 1 ELSE held.tokens END
            + extract(epoch FROM now() - held.updated_at) * %(per_second)s
    ) - 1
    RETURNING tokens
    """.strip(),
    lambda row: float(row[0]),
)

GIVE_BACK: Statement[str] = Statement(
    """
    UPDATE rate_limits SET tokens = least(%(capacity)s, tokens + 1)
    WHERE key = %(key)s AND tokens >= 0 RETURNING key
    """.strip(),
    lambda row: row[0],
)


class RateLimitRepository(Repository[RateLimitRow]):
    row_type = RateLimitRow
    name = "rate limit"

    async def take(self, key: str, capacity: float, per_second: float) -> float:
        """
        Take a token from a bucket.

        Args:
            key: Which bucket; one that is not there yet is full.
            capacity: How many tokens it holds.
            per_second: How many come back each second.

        Returns:
            How many are left; below zero where there was none to take.
        """
        values = {"key": key, "capacity": float(capacity), "per_second": per_second}
        return (await self._runner.fetch(TAKE, values))[0]

    async def give_back(self, key: str, capacity: float) -> None:
        """Put a token back into a bucket."""
        await self._runner.fetch(GIVE_BACK, {"key": key, "capacity": float(capacity)})
