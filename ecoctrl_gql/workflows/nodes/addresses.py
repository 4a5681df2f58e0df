"""Which addresses workflows may reach: public ones, and those that the administrator allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.workflows.triggers.networks import Network, NetworkError, parse_network

Address = IPv4Address | IPv6Address

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = IPv6Network("::/96")


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
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )


def _meant_by(address: Address) -> list[Address]:
    """An address, and the IPv4 addresses that it stands for by some kind of translation."""
    if isinstance(address, IPv4Address):
        return [address]
    inner: list[IPv4Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (*_NAT64, _COMPATIBLE)):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    found: list[Address] = [each for each in inner if each is not None]
    return found if address.ipv4_mapped else [address, *found]
