"""Which runs of the past would have got in each other's way, as ``settings.concurrency`` has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ecoctrl_gql.workflows.dry_runs.fires import Fire
from ecoctrl_gql.workflows.dry_runs.rehearsal import Rehearsal
from ecoctrl_gql.workflows.dsl.shapes import ConcurrencyPolicy, Settings
from ecoctrl_gql.workflows.runs.starting import REPLACED


@dataclass(slots=True)
class Played:
    """A start in the past, and what its run would have come to."""

    fire: Fire
    rehearsal: Rehearsal

    @property
    def deeds(self) -> list[Any]:
        """What would have happened, comparable with what another version would have done."""
        return [(effect.kind, effect.node_id, effect.details) for effect in self.rehearsal.effects]


class Turns:
    """
    The runs that go on at an instant, of starts that come in the order of time.

    Args:
        settings: What the workflow says of runs at the same time.
    """

    def __init__(self, settings: Settings) -> None:
        self._policy, self._limit = settings.policy, settings.limit
        self._going: list[Played] = []

    def begins_at(self, at: datetime) -> datetime | None:
        """When a run begins that is started at an instant; None where it does not."""
        if self._policy is ConcurrencyPolicy.ALLOW:
            return at
        self._going = [each for each in self._going if each.rehearsal.ended_at > at]
        if self._policy is ConcurrencyPolicy.REPLACE or len(self._going) < self._limit:
            return at
        if self._policy is ConcurrencyPolicy.SKIP:
            return None
        return self._going[0].rehearsal.ended_at

    def taken(self, played: Played) -> Played:
        """Note a run that has begun, and stop those that it replaces."""
        if self._policy is ConcurrencyPolicy.REPLACE:
            for each in self._going[: max(0, len(self._going) - self._limit + 1)]:
                each.rehearsal = each.rehearsal.stopped(played.fire.at, REPLACED)
        if self._policy is not ConcurrencyPolicy.ALLOW:
            self._going.append(played)
        if self._policy is ConcurrencyPolicy.QUEUE:  # of all that wait, the next begins after these
            self._going = sorted(self._going, key=lambda each: each.rehearsal.ended_at)[-self._limit :]
        return played
