"""Where a browser may be sent back to: an open redirect would hand logins to strangers."""

import re
from collections.abc import Iterable

from ecoctrl_gql.errors import BadInputError

LONGEST = 1_000
DEFAULT_PORTS = {"http": 80, "https": 443}

# Written out rather than left to a parser: parsers and browsers read odd addresses in different ways. There
# is no user, no backslash, no blank and no letter outside ASCII, of which some fold to others; names of other
# scripts are written as in the name system (xn--…).
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#][!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*)?",
    re.ASCII | re.IGNORECASE,
)


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address; None for what is no plain http address."""
    found = _ADDRESS.fullmatch(url) if len(url) <= LONGEST else None
    if found is None:
        return None
    scheme = found["scheme"].lower()
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    return f"{scheme}://{found['host'].lower()}:{port}"


def require_allowed(url: str, allowed: Iterable[str], *path: str) -> None:
    """
    Make sure that an address lies at one of the allowed origins.

    Raises:
        BadInputError: It does not.
    """
    origin = origin_of(url)
    if origin is None or origin not in {origin_of(each) for each in allowed}:
        raise BadInputError("This page is not among those that may be returned to.", field=path)
