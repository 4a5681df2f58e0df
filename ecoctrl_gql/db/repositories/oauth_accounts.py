from collections.abc import Sequence
from typing import NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.oauth_accounts import OAuthAccountRow


class KnownAccount(NamedTuple):
    id: str
    user_id: str
    provider_user_id: str


KNOWN: Statement[KnownAccount] = Statement(
    """
    SELECT id, user_id, provider_user_id FROM oauth_accounts
    WHERE provider = %(provider)s
        AND (provider_user_id = ANY (%(ids)s::text[]) OR open_id = ANY (%(ids)s::text[]))
    ORDER BY created_at, id FOR UPDATE
    """.strip(),
    KnownAccount._make,
)


class OAuthAccountRepository(Repository[OAuthAccountRow]):
    row_type = OAuthAccountRow
    name = "linked account"

    async def known_as(self, provider: str, ids: Sequence[str]) -> list[KnownAccount]:
        """The accounts of a provider that are known by one of some ids; locked in a transaction."""
        return await self._runner.fetch(KNOWN, {"provider": provider, "ids": list(ids)})
