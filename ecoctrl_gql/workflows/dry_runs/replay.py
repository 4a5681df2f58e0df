"""The past played again: how often a workflow would have been started, and what it would have done."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.enums import ExecutionStatus
from ecoctrl_gql.workflows.dry_runs.fires import Fire, fires_of
from ecoctrl_gql.workflows.dry_runs.rehearsal import Rehearsal, Stage, rehearse

MAX_FIRES: Final = 20_000
FIRST_FAILURES: Final = 20


@dataclass(frozen=True, slots=True)
class Played:
    """A start in the past, and what its run would have come to."""

    fire: Fire
    rehearsal: Rehearsal

    @property
    def deeds(self) -> list[Any]:
        """What would have happened, comparable with what another version would have done."""
        return [(effect.kind, effect.node_id, effect.details) for effect in self.rehearsal.effects]


@dataclass
class Replay:
    """
    All starts of a stretch of the past.

    Attributes:
        played: The starts, in the order of time.
        until: Up to when the past was played.
        truncated: Whether that is before the end, because there were too many starts or it took too long.
        effects: How often each kind of thing would have happened.
        nodes: How often each node would have had its turn, by its id.
        failed_nodes: How often each node would have failed its run, by its id.
    """

    played: list[Played] = field(default_factory=list)
    until: datetime | None = None
    truncated: bool = False
    effects: Counter[str] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    failed_nodes: Counter[str] = field(default_factory=Counter)

    @property
    def failures(self) -> list[Played]:
        return [each for each in self.played if each.rehearsal.status is ExecutionStatus.FAILED]

    def add(self, played: Played) -> None:
        self.played.append(played)
        rehearsal = played.rehearsal
        self.effects.update(effect.kind for effect in rehearsal.effects)
        self.nodes.update(step.node_id for step in rehearsal.steps)
        if rehearsal.node_id is not None:
            self.failed_nodes[rehearsal.node_id] += 1


async def replay(
    stage: Stage, keys: Keys, start: datetime, end: datetime, *, most: int, until: float
) -> Replay:
    """
    Play a stretch of the past again, doing nothing.

    What becomes of runs that begin while others go on (``settings.concurrency``) is not played.

    Args:
        stage: The workflow and what it needs.
        keys: Open secrets that conditions name.
        start: The begin of the stretch.
        end: Its end.
        most: The most starts.
        until: By `time.monotonic`, when it has to be done; what is done by then is given.

    Raises:
        UnarmableError: A trigger's config can't be filled.
        UnavailableError: The database is away.
    """
    found = Replay(until=end)
    async for fire in fires_of(stage, keys, start, end):
        if len(found.played) >= most or time.monotonic() > until:
            found.truncated, found.until = True, fire.at
            return found
        rehearsal = await rehearse(stage, fire.data, fire.at, start_node_id=fire.node_id, until=until + 2)
        found.add(Played(fire, rehearsal))
        await asyncio.sleep(0)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A start at which two versions would not have done the same; None where one would not have started."""

    at: datetime
    one: Played | None
    other: Played | None


def differences(one: Replay, other: Replay) -> list[Difference]:
    """Where two versions would not have done the same, in the order of time."""
    ones = {played.fire.identity: played for played in one.played}
    others = {played.fire.identity: played for played in other.played}
    found = []
    for identity in sorted({*ones, *others}, key=lambda each: each[0]):
        first, second = ones.get(identity), others.get(identity)
        if first is None or second is None or _differ(first, second):
            found.append(Difference(identity[0], first, second))
    return found


def _differ(one: Played, other: Played) -> bool:
    return (one.rehearsal.status, one.rehearsal.output, one.deeds) != (
        other.rehearsal.status,
        other.rehearsal.output,
        other.deeds,
    )
