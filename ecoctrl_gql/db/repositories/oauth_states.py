from typing import NamedTuple

from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.oauth_states import OAuthStateRow


class BegunLogin(NamedTuple):
    browser_hash: str
    return_to: str
    user_id: str | None


TAKE: Statement[BegunLogin] = Statement(
    """
    DELETE FROM oauth_states
    WHERE state_hash = %(state_hash)s AND provider = %(provider)s AND expires_at > now()
    RETURNING browser_hash, return_to, user_id
    """.strip(),
    BegunLogin._make,
)


class OAuthStateRepository(Repository[OAuthStateRow]):
    row_type = OAuthStateRow
    name = "login that was begun"

    async def take(self, state_hash: str, provider: OAuthProvider) -> BegunLogin | None:
        """The login that was begun with a state, which is good once; None where there is none any more."""
        found = await self._runner.fetch(TAKE, {"state_hash": state_hash, "provider": provider.value})
        return found[0] if found else None
