from datetime import date, timedelta

from ecoctrl_gql.db.repositories import Repositories

KEPT = timedelta(days=7)
"""How long a message can be read: as long as events are kept by default."""


async def remove_old_messages(repos: Repositories, _today: date) -> None:
    """Remove messages that nobody looks for any more."""
    await repos.messages.remove_old(KEPT)
