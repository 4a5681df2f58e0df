"""What providers answer, field by field: taken where it can be, cleaned where it is only shown."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from ecoctrl_gql.auth.oauth.asking import ProviderError

LONGEST_ID = 255
LONGEST_TOKEN = 16_000
LONGEST_NAME = 100
LONGEST_ADDRESS = 255
LONGEST_URL = 500
LONGEST_LIFE_S = 10**8

_PLAIN = re.compile(r"[\x21-\x7e]+")
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_DIRECTIONS = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def person_id(answer: dict[str, Any], name: str) -> str | None:
    """
    An id that a person is known by; None where none is told.

    Raises:
        ProviderError: It is no id that could be kept whole: two people must not become one by a cut.
    """
    value = answer.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_ID or not _PLAIN.fullmatch(value):
        raise ProviderError(f"The provider answers with a {name} that is none.")
    return value


def required_id(answer: dict[str, Any], name: str) -> str:
    """
    As `person_id`, of one that has to be told.

    Raises:
        ProviderError: It is not told, or as for `person_id`.
    """
    value = person_id(answer, name)
    if value is None:
        raise ProviderError(f"The provider answers without {name}.")
    return value


def required_token(answer: dict[str, Any], name: str) -> str:
    """
    A token of the provider's.

    Raises:
        ProviderError: It is not told, or no token that could be sent.
    """
    value = optional_token(answer, name)
    if value is None:
        raise ProviderError(f"The provider answers without {name}.")
    return value


def optional_token(answer: dict[str, Any], name: str) -> str | None:
    """A token of the provider's; None where there is none that could be sent."""
    return _plain(answer, name, LONGEST_TOKEN)


def nickname(answer: dict[str, Any], name: str) -> str | None:
    """What a person is called, without what can't be seen; None where nothing is left."""
    value = answer.get(name)
    if not isinstance(value, str):
        return None
    # Half of a character that takes two stands alone where the provider has cut it.
    seen = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in value)
    words = " ".join(_DIRECTIONS.sub("", unicodedata.normalize("NFC", seen)).split())
    return words[:LONGEST_NAME].rstrip() or None


def picture(answer: dict[str, Any], name: str) -> str | None:
    """Where a person's picture is; None where it is not told, or lies at no https address."""
    value = _plain(answer, name, LONGEST_URL)
    return value if value is not None and value.startswith("https://") else None


def mail_address(answer: dict[str, Any], name: str) -> str | None:
    """The address that a provider knows, for people to look at; None where it knows none."""
    value = answer.get(name)
    usable = isinstance(value, str) and 0 < len(value) <= LONGEST_ADDRESS and value.isprintable()
    return value if usable else None


def expiry(token: dict[str, Any], default_s: int) -> datetime:
    """When the access token of an answer expires."""
    seconds = token.get("expires_in")
    usable = isinstance(seconds, int) and 0 < seconds < LONGEST_LIFE_S
    return datetime.now(UTC) + timedelta(seconds=seconds if usable and seconds else default_s)


def _plain(answer: dict[str, Any], name: str, longest: int) -> str | None:
    value = answer.get(name)
    usable = isinstance(value, str) and len(value) <= longest and _PLAIN.fullmatch(value)
    return value if usable else None
