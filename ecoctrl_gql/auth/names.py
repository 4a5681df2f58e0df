"""User names and mail addresses as they may be stored."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from email_validator import EmailNotValidError, validate_email

from ecoctrl_gql.db.failures import DuplicateError
from ecoctrl_gql.errors import BadInputError, ConflictError

SHORTEST, LONGEST = 2, 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that nobody sees: a name must not look like another one."""


def usable_email(text: str, *path: str) -> str:
    """
    A mail address as it is stored: composed, its domain in lower case.

    Raises:
        BadInputError: It is none.
    """
    try:
        # Whether the domain takes mail shows when mail is sent; a closed network has no name server to ask.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadInputError(f"This is no mail address: {error}", field=path) from None
    return found.normalized


def usable_username(text: str, email: str, *path: str) -> str:
    """
    A user name as it is stored: composed (NFC), without blanks around it.

    Args:
        text: What was given.
        email: The user's own mail address.
        path: Where it stands in the input.

    Raises:
        BadInputError: It is too short or too long, holds characters that can't be seen, or looks like the
            address of somebody else, whose logins it would take.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if not SHORTEST <= len(name) <= LONGEST:
        raise BadInputError(f"A user name needs {SHORTEST} to {LONGEST} characters.", field=path)
    if _CONTROL.search(name):
        raise BadInputError("A user name can't hold control characters.", field=path)
    if "@" in name and name.casefold() != email.casefold():
        raise BadInputError("A user name can't hold @, unless it is the user's own address.", field=path)
    return name


@contextmanager
def taken_names() -> Iterator[None]:
    """Say which of a user's names is taken."""
    try:
        yield
    except DuplicateError as error:
        field = "email" if "email" in error.constraint else "username"
        what = "address" if field == "email" else "user name"
        raise ConflictError(f"This {what} is taken.", field=("input", field)) from None
