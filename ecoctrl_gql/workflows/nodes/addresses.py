"""Which addresses workflows may reach: public ones, and those that the administrator allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.workflows.triggers.networks import Network, NetworkError, parse_network

Address = IPv4Address | IPv6Address

_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")

_SET_APART: Final = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure answers its machines there, credentials included
        "192.0.0.0/24",  # Oracle's metadata
        "192.88.99.0/24",  # relays of 6to4, given up
        "3fff::/20",  # documentation
        "64:ff9b:1::/48",  # translation within a site, wherever the IPv4 address lies in it
        "fec0::/10",  # sites, as they were before fc00::/7
    )
)
"""What some version of Python takes for global and is not, or is by number alone."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """
    What may be reached although it is private.

    Attributes:
        hosts: Names of hosts, in lower case.
        networks: Networks.
    """

    hosts: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allowed":
        """
        What the entries of ``WORKFLOW_HTTP_ALLOW`` allow: addresses, networks in CIDR form, names of hosts.

        Raises:
            SetupError: An entry is none of these.
        """
        hosts: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            try:
                networks.append(parse_network(entry))
            except NetworkError:
                if "/" in entry or ":" in entry or not entry:
                    message = f"WORKFLOW_HTTP_ALLOW: {entry} is no host, no address and no network."
                    raise SetupError(message) from None
                hosts.add(entry.lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def admits(self, host: str, address: str) -> bool:
        """Whether a host may be reached at an address to which its name led."""
        if host.lower().rstrip(".") in self.hosts:
            return True
        found = ip_address(address)
        if any(found in network for network in self.networks):
            return True
        return all(is_public(each) for each in _meant_by(found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet: neither private nor local nor set apart for anything."""
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback)
        and not any(address in network for network in _SET_APART)
    )


def _meant_by(address: Address) -> list[Address]:
    """An address, and the IPv4 addresses that it stands for by some kind of translation."""
    if isinstance(address, IPv4Address):
        return [address]
    inner: list[IPv4Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (_NAT64, _COMPATIBLE)):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    found: list[Address] = [each for each in inner if each is not None]
    return found if address.ipv4_mapped else [address, *found]
