"""Passwords of the accounts that the commands make."""

import secrets

import bcrypt

from ecoctrl_gql.errors import SetupError

COST = 12
LONGEST_BYTES = 72
"""bcrypt looks at no more."""


def new_password() -> str:
    """A random password that nobody has to type in a hurry."""
    return secrets.token_urlsafe(15)


def password_hash(password: str) -> str:
    """
    The bcrypt hash of a password.

    Raises:
        SetupError: The password is empty or longer than bcrypt can tell apart.
    """
    data = password.encode()
    if not 0 < len(data) <= LONGEST_BYTES:
        raise SetupError(f"A password must have 1 to {LONGEST_BYTES} bytes.")
    return bcrypt.hashpw(data, bcrypt.gensalt(COST)).decode()
