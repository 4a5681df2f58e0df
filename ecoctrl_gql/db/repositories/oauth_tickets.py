from typing import NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.oauth_tickets import OAuthTicketRow


class Ticket(NamedTuple):
    user_id: str | None
    sealed_identity: str


TAKE: Statement[Ticket] = Statement(
    """
    DELETE FROM oauth_tickets WHERE code_hash = %(code_hash)s AND expires_at > now()
    RETURNING user_id, sealed_identity
    """.strip(),
    Ticket._make,
)


class OAuthTicketRepository(Repository[OAuthTicketRow]):
    row_type = OAuthTicketRow
    name = "one-time code"

    async def take(self, code_hash: str) -> Ticket | None:
        """What a code is worth, which is good once; None where it is worth nothing any more."""
        found = await self._runner.fetch(TAKE, {"code_hash": code_hash})
        return found[0] if found else None
