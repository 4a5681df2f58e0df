"""From where a webhook may be called."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class NetworkError(ValueError):
    """A text is no address and no network."""


def parse_network(text: str) -> Network:
    """
    Read an address such as 192.0.2.10 or a network in CIDR form such as 192.0.2.0/24.

    Raises:
        NetworkError: It is neither.
    """
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise NetworkError(f"{text} is no IP address and no network such as 192.0.2.0/24.") from None


def is_allowed(client: str | None, networks: Iterable[Network]) -> bool:
    """Whether a client's address is in one of the networks; nobody is where they can't be told."""
    try:
        address = _plain(ip_address((client or "").split("%")[0]))
    except ValueError:
        return False
    return any(address in network for network in networks)


def neighbourhood(client: str | None) -> str:
    """Who counts as one caller: an IPv4 address, or the network of a subscriber with IPv6 addresses."""
    try:
        address = _plain(ip_address((client or "").split("%")[0]))
    except ValueError:
        return client or ""
    return str(address if isinstance(address, IPv4Address) else ip_network((address, 64), strict=False))


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that a server of both kinds shows in the form ::ffff:192.0.2.10."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
