"""The names of workflows in addresses."""

import re
import secrets
import unicodedata

from ecoctrl_gql.errors import BadInputError

MAX_LENGTH = 128
_FORM = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def usable_slug(slug: str) -> str:
    """
    A slug that somebody chose.

    Raises:
        BadInputError: It does not fit into an address.
    """
    if len(slug) > MAX_LENGTH or not _FORM.fullmatch(slug):
        raise BadInputError(
            f"A slug has up to {MAX_LENGTH} small letters, digits and hyphens, such as night-report.",
            field=("input", "slug"),
        )
    return slug


def slug_of(name: str) -> str:
    """A slug made of a name; a random one where no letter of it fits into an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[: MAX_LENGTH - 10].strip("-")
    return words or f"workflow-{secrets.token_hex(4)}"


def varied(slug: str) -> str:
    """A slug like another that is taken."""
    return f"{slug[: MAX_LENGTH - 10].strip('-')}-{secrets.token_hex(3)}"
