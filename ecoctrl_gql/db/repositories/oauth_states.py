from typing import NamedTuple

from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.oauth_states import OAuthStateRow


class BegunLogin(NamedTuple):
    verifier_hash: str
    return_to: str
    user_id: str | None


START: Statement[str] = Statement(
    """
    UPDATE oauth_states SET browser_hash = %(browser_hash)s
    WHERE state_hash = %(state_hash)s AND provider = %(provider)s AND expires_at > now()
        AND coalesce(browser_hash, %(browser_hash)s) = %(browser_hash)s
    RETURNING state_hash
    """.strip(),
    lambda row: row[0],
)

TAKE: Statement[BegunLogin] = Statement(
    """
    DELETE FROM oauth_states
    WHERE state_hash = %(state_hash)s AND provider = %(provider)s AND expires_at > now()
        AND browser_hash = %(browser_hash)s
    RETURNING verifier_hash, return_to, user_id
    """.strip(),
    BegunLogin._make,
)


class OAuthStateRepository(Repository[OAuthStateRow]):
    row_type = OAuthStateRow
    name = "login that was begun"

    async def start(self, state_hash: str, provider: OAuthProvider, browser_hash: str) -> bool:
        """Note which browser goes to the provider; False where there is no such login, or another went."""
        values = {"state_hash": state_hash, "provider": provider.value, "browser_hash": browser_hash}
        return bool(await self._change(START, values))

    async def take(self, state_hash: str, provider: OAuthProvider, browser_hash: str) -> BegunLogin | None:
        """The login that a browser has started with a state, which is good once; None where there is none."""
        values = {"state_hash": state_hash, "provider": provider.value, "browser_hash": browser_hash}
        found = await self._runner.fetch(TAKE, values)
        return found[0] if found else None
