"""Passwords: hashed with bcrypt, on threads that leave the event loop its processor."""

import asyncio
import base64
import hashlib
import os
import secrets
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import bcrypt

from ecoctrl_gql.errors import BadInputError

COST = 12
SHORTEST = 6
LONGEST = 1_000
"""In characters; longer ones are refused when they are set, and never right."""

BCRYPT_BYTES = 72
NICENESS = 10

NOBODYS_HASH = "$2b$12$GQzkc8QQLrIkQnJBRIRm9.cvZVIoQtzfTRDraAgiLXfC9ZTb1qKea"
"""What a password is compared with where there is no account: the same work, and never right."""


def _yield_to_others() -> None:
    # On Linux a thread has a priority of its own; a hash may wait, a small query should not.
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_threads = ThreadPoolExecutor(
    max_workers=max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="bcrypt", initializer=_yield_to_others
)


def new_password() -> str:
    """A random password that nobody has to type in a hurry."""
    return secrets.token_urlsafe(15)


def password_hash(password: str) -> str:
    """The bcrypt hash of a password; takes a quarter of a second, so not for the event loop."""
    return bcrypt.hashpw(_input_of(password), bcrypt.gensalt(COST)).decode()


def password_matches(password: str, stored: str | None) -> bool:
    """
    Whether a password is right.

    A wrong one takes the same work whatever it is compared with, so that the time does not tell which
    accounts there are: nothing, what is no hash, or an older hash that takes less.
    """
    if len(password) > LONGEST:
        password, stored = "", None
    data, compared = _input_of(password), stored or NOBODYS_HASH
    try:
        right = bcrypt.checkpw(data, compared.encode())
    except ValueError:  # what is stored is no bcrypt hash
        return password_matches(password, None)
    if not right:
        # The work doubles with each step of the cost: 2^10 + (2^10 + 2^11) = 2^12.
        for cost in range(_cost_of(compared), COST):
            bcrypt.hashpw(data, bcrypt.gensalt(cost))
    return right and bool(stored)


async def hash_password(password: str) -> str:
    """`password_hash` off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, password_hash, password)


async def check_password(password: str, stored: str | None) -> bool:
    """`password_matches` off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, password_matches, password, stored)


def require_usable(password: str, *, field: tuple[str, ...] = ()) -> None:
    """
    Make sure that a password may be set.

    Raises:
        BadInputError: It is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(f"A password needs {SHORTEST} to {LONGEST:,} characters.", field=field)


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with less work than is due today."""
    return _cost_of(stored) < COST


def _cost_of(stored: str) -> int:
    """The cost that a hash was made with; 0 for what is none."""
    _, _, cost, *_ = [*stored.split("$"), "", "", ""]
    return int(cost) if cost.isdigit() else 0


def _input_of(password: str) -> bytes:
    """
    What bcrypt is given.

    Composed characters (NFC, as RFC 8265 asks), so that a password is the same from every keyboard. bcrypt
    takes 72 bytes and no NUL: what it does not take goes through sha256 first, so that every byte counts.
    """
    data = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if len(data) > BCRYPT_BYTES or b"\0" in data:
        data = base64.b64encode(hashlib.sha256(data).digest())
    return data
