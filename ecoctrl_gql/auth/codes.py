"""Six-digit codes that are sent by mail: good for five minutes, once, and for five tries."""

import hmac
import secrets
from datetime import timedelta

from ecoctrl_gql.auth import limits
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.auth.limits import Limit
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import CodePurpose
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import InvalidCredentialsError

LIFETIME = timedelta(minutes=5)
TRIES = 5
DIGITS = 6

SENT_TO_ADDRESS = Limit("code by address", attempts=3, period_s=600)
SENT_FOR_CLIENT = Limit("code by client", attempts=10, period_s=600)
TRIED_BY_CLIENT = Limit("code tried by client", attempts=20, period_s=600)

WRONG = "The code is wrong or has expired; ask for another one."


async def new_code(db: Database, keys: Keys, purpose: CodePurpose, email: str, origin: Origin) -> str:
    """
    A new code for an address, which replaces the one before.

    Raises:
        RateLimitedError: There were too many for this address or this client.
    """
    email = email.lower()
    await limits.take(db, SENT_FOR_CLIENT, origin.address)
    await limits.take(db, SENT_TO_ADDRESS, email)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    await db.repositories().verification_codes.put(
        purpose, email, _hash(keys, purpose, email, code), LIFETIME
    )
    return code


async def check_code(
    db: Database, keys: Keys, purpose: CodePurpose, email: str, code: str, origin: Origin
) -> str:
    """
    Make sure that a code is right; counts the try, whatever comes of it.

    Returns:
        The key of the code, by which `spend_code` takes it.

    Raises:
        InvalidCredentialsError: It is wrong, or good for nothing any more.
        RateLimitedError: There were too many tries.
    """
    email = email.lower()
    await limits.take(db, TRIED_BY_CLIENT, origin.address)
    found = await db.repositories().verification_codes.try_one(purpose, email, TRIES)
    given = _hash(keys, purpose, email, code.strip())
    if found is None or not hmac.compare_digest(found.code_hash, given):
        raise InvalidCredentialsError(WRONG, field=("input", "code"))
    return found.id


async def spend_code(repos: Repositories, code_id: str) -> None:
    """
    Take a code in the transaction of what it is taken for: of two at the same time one gets it.

    Raises:
        InvalidCredentialsError: Another was faster.
    """
    if not await repos.verification_codes.spend(code_id):
        raise InvalidCredentialsError(WRONG, field=("input", "code"))


def _hash(keys: Keys, purpose: CodePurpose, email: str, code: str) -> str:
    return keys.keyed_hash("code", f"{purpose}\0{email}\0{code}")
