"""Chance that is the same on every machine: a function of names and numbers alone."""

import math
from hashlib import blake2b
from struct import unpack
from uuid import UUID, uuid5

NAMESPACE = UUID("6b1f4a5e-5a0c-5d0e-9c55-0d8f3b8f2a41")


def sample_key(table: str, name: object) -> str:
    """The uuid of a sample row; the same for the same row at each run."""
    return str(uuid5(NAMESPACE, f"{table}/{name}"))


def uniform(*what: object) -> float:
    """A number in [0, 1) that belongs to ``what``."""
    digest = blake2b("/".join(map(str, what)).encode(), digest_size=8).digest()
    return float(unpack("<Q", digest)[0] >> 11) / (1 << 53)


def normal(*what: object) -> float:
    """A number around 0 that belongs to ``what``, close to normally distributed with deviation 1."""
    digest = blake2b("/".join(map(str, what)).encode(), digest_size=16).digest()
    parts: tuple[int, ...] = unpack("<8H", digest)
    return (sum(parts) / 65536 - 4) / math.sqrt(8 / 12)


def smooth(name: str, position: float) -> float:
    """Noise over a line: normal at the whole numbers, with smooth transitions between them."""
    start = math.floor(position)
    part = position - start
    weight = part * part * (3 - 2 * part)
    return normal(name, start) * (1 - weight) + normal(name, start + 1) * weight
