"""
PostgreSQL's snapshots: which transactions a statement saw.

Snapshots of one database are taken one after the other, and each sees all that the ones before it saw.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    Sees the transactions before ``end`` but for those that were ``running``.

    ``running`` is sorted; all of them come before ``end``.
    """

    end: int
    running: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form of a ``pg_snapshot``, which is ``xmin:xmax:xip_list``."""
        _, end, running = text.split(":")
        return cls(int(end), tuple(sorted(map(int, running.split(",")))) if running else ())

    def up_to(self, transaction: int) -> "Snapshot":
        """The same, but nothing behind a transaction that it sees."""
        return Snapshot(transaction + 1, tuple(number for number in self.running if number < transaction))

    def sees(self, transaction: int) -> bool:
        """Whether a transaction had ended; rows of one that was rolled back are there for nobody."""
        if transaction >= self.end:
            return False
        place = bisect_left(self.running, transaction)
        return place == len(self.running) or self.running[place] != transaction

    def sees_all_until(self, transaction: int) -> bool:
        """Whether it sees this transaction and all before it."""
        return transaction < self.end and (not self.running or transaction < self.running[0])

    def covers(self, other: "Snapshot") -> bool:
        """Whether it sees all that another one sees: the other was taken before, or is the same."""
        unseen = (running for running in self.running if running < other.end)
        return other.end <= self.end and not any(other.sees(running) for running in unseen)


NOTHING = Snapshot(0)
"""What was seen before anything happened."""
