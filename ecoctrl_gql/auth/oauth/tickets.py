"""One-time codes: what a login with an external account came to, for the page that began it alone."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ecoctrl_gql.auth.keys import Keys, secret_hash
from ecoctrl_gql.auth.oauth.providers import Identity
from ecoctrl_gql.db.enums import OAuthProvider, TicketPurpose
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import InvalidCredentialsError

LIFETIMES = {
    TicketPurpose.LOGIN: timedelta(minutes=2),
    TicketPurpose.LINKING: timedelta(minutes=2),
    TicketPurpose.BINDING: timedelta(minutes=10),
}
EXCHANGED = frozenset({TicketPurpose.LOGIN, TicketPurpose.LINKING})
"""The purposes of codes that stand in addresses, where somebody else may have put them."""

BOUND = frozenset({TicketPurpose.BINDING})

GONE = "This login is over or was used already; begin again."


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    What a code is worth.

    Attributes:
        user_id: Whose the account is, or who links it; None for an account that nobody has linked yet.
    """

    purpose: TicketPurpose
    identity: Identity
    user_id: str | None


async def issue(
    repos: Repositories,
    keys: Keys,
    purpose: TicketPurpose,
    identity: Identity,
    *,
    verifier_hash: str | None = None,
    user_id: str | None = None,
) -> str:
    """
    A new code.

    Args:
        repos: Where it is kept.
        keys: Seal what it is worth.
        purpose: What it is good for.
        identity: The external account.
        verifier_hash: The hash of what is needed along with it; None for nothing.
        user_id: As for `Ticket`.
    """
    code = secrets.token_urlsafe(32)
    await repos.oauth_tickets.create(
        code_hash=secret_hash(code),
        purpose=purpose.value,
        verifier_hash=verifier_hash,
        provider=identity.provider.value,
        user_id=user_id,
        sealed_identity=keys.seal(orjson.dumps(asdict(identity)).decode()),
        expires_at=datetime.now(UTC) + LIFETIMES[purpose],
    )
    return code


async def take(
    repos: Repositories,
    keys: Keys,
    purposes: Collection[TicketPurpose],
    code: str,
    verifier: str | None = None,
) -> Ticket:
    """
    What a code is worth, which is good once.

    Raises:
        InvalidCredentialsError: It is over or was used, was given for something else, or the verifier is not
            the one that is needed along with it.
    """
    verifier_hash = None if verifier is None else secret_hash(verifier)
    stored = await repos.oauth_tickets.take(secret_hash(code), purposes, verifier_hash)
    sealed = None if stored is None else keys.unseal(stored.sealed_identity)
    if stored is None or sealed is None:
        raise InvalidCredentialsError(GONE)
    return Ticket(TicketPurpose(stored.purpose), _identity(orjson.loads(sealed)), stored.user_id)


def _identity(stored: dict[str, Any]) -> Identity:
    identity = Identity(**stored)
    expires_at = stored["expires_at"]
    return replace(
        identity,
        provider=OAuthProvider(stored["provider"]),
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
    )
