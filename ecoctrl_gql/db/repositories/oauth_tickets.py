from collections.abc import Collection
from typing import NamedTuple

from ecoctrl_gql.db.enums import TicketPurpose
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.oauth_tickets import OAuthTicketRow


class StoredTicket(NamedTuple):
    purpose: str
    user_id: str | None
    sealed_identity: str


TAKE: Statement[StoredTicket] = Statement(
    """
    DELETE FROM oauth_tickets
    WHERE code_hash = %(code_hash)s AND purpose = ANY (%(purposes)s::text[]) AND expires_at > now()
        AND verifier_hash IS NOT DISTINCT FROM %(verifier_hash)s::text
    RETURNING purpose, user_id, sealed_identity
    """.strip(),
    StoredTicket._make,
)


class OAuthTicketRepository(Repository[OAuthTicketRow]):
    row_type = OAuthTicketRow
    name = "one-time code"

    async def take(
        self, code_hash: str, purposes: Collection[TicketPurpose], verifier_hash: str | None
    ) -> StoredTicket | None:
        """What a code is worth along with a verifier, which is good once; None where it is worth nothing."""
        values = {
            "code_hash": code_hash,
            "purposes": sorted(purpose.value for purpose in purposes),
            "verifier_hash": verifier_hash,
        }
        found = await self._runner.fetch(TAKE, values)
        return found[0] if found else None
