"""Logging in with a name and a password."""

import unicodedata

from ecoctrl_gql.auth import limits
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.limits import Limit
from ecoctrl_gql.auth.passwords import check_password, hash_password, is_outdated
from ecoctrl_gql.auth.sessions import Sessions, SignIn
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories.users import Account
from ecoctrl_gql.errors import InvalidCredentialsError

LONGEST_LOGIN = 255
WRONG = "The name or the password is wrong."

PER_CLIENT_AND_ACCOUNT = Limit("login by client and account", attempts=5, period_s=300)
PER_CLIENT = Limit("login by client", attempts=30, period_s=300)
PER_ACCOUNT = Limit("login by account", attempts=50, period_s=300)
"""From all clients together; high, for whoever reaches it locks the account's owner out."""


PROOFS = Limit("password by user and client", attempts=5, period_s=300)


async def log_in(db: Database, sessions: Sessions, login: str, password: str, origin: Origin) -> SignIn:
    """
    Begin a session for whoever knows the password.

    Args:
        db: The database.
        sessions: Where it begins.
        login: User name or mail address, whatever its case.
        password: The password.
        origin: Where the login comes from.

    Raises:
        InvalidCredentialsError: There is no such account, or the password is another; the same in text and
            in time for both, and for an account that has no password.
        ForbiddenError: The account is disabled; told only to who knows its password.
        RateLimitedError: There were too many attempts.
    """
    account = await checked_account(db, login, password, origin)
    if account.password is not None and is_outdated(account.password):
        new_hash = await hash_password(password)
        async with db.transaction() as repos:
            await repos.users.update(account.id, password=new_hash)
    async with db.transaction() as repos:
        return await sessions.begin(repos, account.id, origin)


async def checked_account(db: Database, login: str, password: str, origin: Origin) -> Account:
    """
    The account whose name and password these are; counts the attempt.

    Raises:
        InvalidCredentialsError, RateLimitedError: As for `log_in`.
    """
    login = normal_login(login)
    subjects = [
        (PER_CLIENT_AND_ACCOUNT, (origin.address, login.casefold())),
        (PER_CLIENT, (origin.address,)),
        (PER_ACCOUNT, (login.casefold(),)),
    ]
    for limit, subject in subjects:
        await limits.take(db, limit, *subject)
    account = await db.repositories().users.by_login(login) if login else None
    right = await check_password(password, account.password if account is not None else None)
    if account is None or not right:
        raise InvalidCredentialsError(WRONG)
    for limit, subject in subjects:
        await limits.give_back(db, limit, *subject)
    return account


def normal_login(login: str) -> str:
    """A name as it is stored: composed characters, no space around it; empty for what can't be one."""
    login = unicodedata.normalize("NFC", login.strip())
    return login if len(login) <= LONGEST_LOGIN and "\0" not in login else ""


async def prove_password(
    db: Database, user_id: str, stored: str | None, password: str, origin: Origin
) -> None:
    """
    Make sure that a user who is logged in knows the password; counts the attempt.

    Raises:
        InvalidCredentialsError: It is another.
        RateLimitedError: There were too many attempts.
    """
    await limits.take(db, PROOFS, user_id, origin.address)
    if not await check_password(password, stored):
        raise InvalidCredentialsError("The current password is another.", field=("input", "current_password"))
    await limits.give_back(db, PROOFS, user_id, origin.address)
