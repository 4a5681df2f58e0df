"""Where a browser may be sent back to: an open redirect would hand logins to strangers."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ecoctrl_gql.errors import BadInputError

LONGEST = 1_000
# Browsers take backslashes for slashes and drop tabs and line breaks; nothing of that belongs here.
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~%&]+", re.IGNORECASE)


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address; None for what is no plain http address."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    port = port or {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{parts.hostname.lower()}:{port}"


def require_allowed(url: str, allowed: Iterable[str], *path: str) -> None:
    """
    Make sure that an address lies at one of the allowed origins.

    Raises:
        BadInputError: It does not.
    """
    origin = origin_of(url)
    if origin is None or origin not in {origin_of(each) for each in allowed}:
        raise BadInputError("This page is not among those that may be returned to.", field=path)
