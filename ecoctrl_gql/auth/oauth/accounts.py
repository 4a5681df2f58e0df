"""Linked accounts: whose an external account is."""

from typing import Any

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.auth.oauth.providers import Identity
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import ConflictError

LONGEST_KEPT = 1_000
"""What the columns of the tokens take, under seal."""


async def link_of(repos: Repositories, keys: Keys, identity: Identity) -> str | None:
    """
    The user who has linked this account; None for nobody.

    One person is one row: a row that was made when the provider told the app's own id alone is found by it,
    and from then on known by the stable id. Keeps the tokens that came along.
    """
    ids = [each for each in (identity.user_id, identity.open_id) if each is not None]
    found = await repos.oauth_accounts.known_as(identity.provider.value, ids)
    if not found:
        return None
    # The row with the stable id counts; one by the app's id alone that the same user has is the same person.
    best = next((row for row in found if row.provider_user_id == identity.user_id), found[0])
    for other in found:
        if other.id != best.id and other.user_id == best.user_id:
            await repos.oauth_accounts.delete(other.id)
    values = _columns(keys, identity)
    if identity.user_id == identity.open_id and best.provider_user_id != identity.open_id:
        del values["provider_user_id"]  # this time the stable id was not told
    await repos.oauth_accounts.update(best.id, **values)
    return best.user_id


async def link(repos: Repositories, keys: Keys, user_id: str, identity: Identity) -> None:
    """
    Link an account to a user.

    Raises:
        ConflictError: Somebody else has linked it, or the user another one of this provider.
    """
    await repos.lock(f"accounts of {user_id}")
    owner = await link_of(repos, keys, identity)
    if owner == user_id:
        return
    if owner is not None:
        raise ConflictError("Somebody else has linked this account.")
    own = await repos.oauth_accounts.list_by("user_id").load(user_id)
    if any(account.provider == identity.provider.value for account in own):
        raise ConflictError("You have linked another account of this provider; unlink it first.")
    await repos.oauth_accounts.create(
        user_id=user_id, provider=identity.provider.value, **_columns(keys, identity)
    )


def _columns(keys: Keys, identity: Identity) -> dict[str, Any]:
    return {
        "provider_user_id": identity.user_id,
        "open_id": identity.open_id,
        "provider_email": identity.email,
        "access_token": _sealed(keys, identity.access_token),
        "refresh_token": _sealed(keys, identity.refresh_token),
        "expires_at": identity.expires_at,
    }


def _sealed(keys: Keys, token: str | None) -> str | None:
    """A token under seal; None also for one that is too long to be kept, which no login needs."""
    sealed = None if token is None else keys.seal(token)
    return sealed if sealed is not None and len(sealed) <= LONGEST_KEPT else None
