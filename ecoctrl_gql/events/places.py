"""Places in the history of events, and cursors, which are such places as opaque text."""

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from ecoctrl_gql.db.repositories.events import EventsSeen
from ecoctrl_gql.db.snapshots import Snapshot
from ecoctrl_gql.errors import BadInputError, EcoctrlError

NO_CURSOR = "This is no cursor of this API."
MAX_CURSOR_LENGTH = 65_536
CHECK_BYTES = 6
IDENTITY_BYTES = 8


class CursorExpiredError(EcoctrlError):
    """Events after a cursor are gone, or the cursor belongs to another history."""

    code = "CURSOR_EXPIRED"


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place in the history, between two events.

    Before it lies all that ``seen`` sees, and what ``batch`` sees besides up to the key ``after``.
    """

    seen: Snapshot
    batch: Snapshot
    after: int = 0

    @classmethod
    def behind(cls, snapshot: Snapshot) -> "Place":
        """The place behind all that a snapshot sees."""
        return cls(snapshot, snapshot)

    @property
    def settled(self) -> bool:
        """Whether it lies between two batches."""
        return self.seen == self.batch

    def check(self, found: EventsSeen) -> None:
        """
        See that nothing behind the place has been removed.

        Raises:
            CursorExpiredError: Something may have been.
        """
        last, last_id = found.trimmed_transaction, found.trimmed_id
        passed = last_id <= self.after and self.batch.sees_all_until(last)
        if last and not passed and not self.seen.sees_all_until(last):
            raise CursorExpiredError(
                "Events after this cursor are gone; read the lists anew and begin without it."
            )


@dataclass(frozen=True)
class Cursors:
    """
    The cursors of one history.

    A cursor holds a place, the history that it belongs to, and a check that tells a damaged one. It is no
    secret: with a cursor that somebody else made up one reads nothing that one could not read without.
    """

    identity: str

    @cached_property
    def _identity(self) -> bytes:
        return blake2b(self.identity.encode(), digest_size=IDENTITY_BYTES).digest()

    def prefix(self, place: Place) -> bytes:
        """What the cursors of a batch have in common."""
        return self._identity + _packed_snapshot(place.seen) + _packed_snapshot(place.batch)

    def encode(self, prefix: bytes, after: int) -> str:
        body = prefix + _packed(after)
        return urlsafe_b64encode(_check(body) + body).decode().rstrip("=")

    def decode(self, text: str) -> Place:
        """
        The place that a cursor names.

        Raises:
            BadInputError: It is no cursor.
            CursorExpiredError: It is one of another database, or of this one before it was restored.
        """
        body = _checked_body(text)
        if body[:IDENTITY_BYTES] != self._identity:
            raise CursorExpiredError(
                "This cursor is of another database; read the lists anew and begin without it."
            )
        numbers = _Numbers(body[IDENTITY_BYTES:])
        return Place(numbers.snapshot(), numbers.snapshot(), numbers.next())


def _checked_body(text: str) -> bytes:
    try:
        raw = b64decode(text[:MAX_CURSOR_LENGTH] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadInputError(NO_CURSOR) from None
    body = raw[CHECK_BYTES:]
    if len(body) <= IDENTITY_BYTES or _check(body) != raw[:CHECK_BYTES]:
        raise BadInputError(NO_CURSOR)
    return body


def _check(body: bytes) -> bytes:
    return blake2b(body, digest_size=CHECK_BYTES).digest()


def _packed(number: int) -> bytes:
    """A number in as many bytes as it needs, seven bits each."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _packed_snapshot(snapshot: Snapshot) -> bytes:
    numbers = [snapshot.end, len(snapshot.running), *(snapshot.end - running for running in snapshot.running)]
    return b"".join(map(_packed, numbers))


class _Numbers:
    """
    The numbers in packed bytes.

    Raises:
        BadInputError: There are none left.
    """

    def __init__(self, packed: bytes) -> None:
        self._bytes = iter(packed)

    def next(self) -> int:
        number = shift = 0
        for byte in self._bytes:
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128 and number < 2**63:
                return number
        raise BadInputError(NO_CURSOR)

    def snapshot(self) -> Snapshot:
        end, length = self.next(), self.next()
        return Snapshot(end, tuple(end - self.next() for _ in range(length)))
