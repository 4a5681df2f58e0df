"""The statements that remove what has expired, and the clock."""

from datetime import datetime
from typing import Final

from ecoctrl_gql.db.statements import Statement


def _removal(table: str, condition: str) -> Statement[int]:
    # a bounded number at a time, so that nobody waits long for a row
    chosen = f"SELECT ctid FROM {table} WHERE {condition} LIMIT 10000"  # noqa: S608  # written here, both
    return Statement(f"DELETE FROM {table} WHERE ctid = ANY (ARRAY({chosen})) RETURNING 1", len)  # noqa: S608  # as above


NOW: Final[Statement[datetime]] = Statement("SELECT clock_timestamp()", lambda row: row[0])

TIDY: Final = (
    _removal("refresh_tokens", "expires_at < now()"),
    _removal("verification_codes", "expires_at < now()"),
    _removal("oauth_states", "expires_at < now()"),
    _removal("oauth_tickets", "expires_at < now()"),
    _removal("rate_limits", "updated_at < now() - interval '1 day'"),
    Statement(
        """
        UPDATE users u SET status = 'offline'
        WHERE status IN ('online', 'busy') AND last_login IS NOT NULL
            AND NOT EXISTS (SELECT FROM refresh_tokens s WHERE s.user_id = u.id)
        RETURNING 1
        """.strip(),
        len,
    ),
)
