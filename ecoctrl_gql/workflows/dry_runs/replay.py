"""The past played again: how often a workflow would have been started, and what it would have done."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.enums import ExecutionStatus
from ecoctrl_gql.errors import TimedOutError
from ecoctrl_gql.workflows.dry_runs.fires import fires_of
from ecoctrl_gql.workflows.dry_runs.rehearsal import Stage, rehearse
from ecoctrl_gql.workflows.dry_runs.turns import Played, Turns

MAX_FIRES: Final = 20_000
FIRST_FAILURES: Final = 20


@dataclass
class Replay:
    """
    All starts of a stretch of the past.

    Attributes:
        played: The starts, in the order of time.
        until: Up to when the past was played.
        truncated: Whether that is before the end, because there were too many starts or it took too long.
        skipped: How many starts ``settings.concurrency`` would have let pass.
    """

    played: list[Played] = field(default_factory=list)
    until: datetime | None = None
    truncated: bool = False
    skipped: int = 0

    def count(self, status: ExecutionStatus) -> int:
        """How many runs would have come to an end."""
        return sum(each.rehearsal.status is status for each in self.played)

    @property
    def failures(self) -> list[Played]:
        return [each for each in self.played if each.rehearsal.status is ExecutionStatus.FAILED]

    def effects(self) -> Counter[str]:
        """How often each kind of thing would have happened."""
        return Counter(effect.kind for each in self.played for effect in each.rehearsal.effects)

    def nodes(self) -> Counter[str]:
        """How often each node would have had its turn, by its id."""
        return Counter(step.node_id for each in self.played for step in each.rehearsal.steps)

    def failed_nodes(self) -> Counter[str]:
        """How often each node would have failed its run, by its id."""
        return Counter(each.rehearsal.node_id for each in self.failures if each.rehearsal.node_id)


async def replay(
    stage: Stage, keys: Keys, start: datetime, end: datetime, *, most: int, until: float
) -> Replay:
    """
    Play a stretch of the past again, doing nothing.

    Runs last as long as they wait, and get in each other's way as ``settings.concurrency`` has it.

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
    found, turns = Replay(until=end), Turns(stage.run_settings)
    async for fire in fires_of(stage, keys, start, end):
        if len(found.played) >= most or time.monotonic() > until:
            found.truncated, found.until = True, fire.at
            return found
        begins_at = turns.begins_at(fire.at)
        if begins_at is None:
            found.skipped += 1
            continue
        try:
            rehearsal = await rehearse(
                stage, fire.data, fire.at, begins_at=begins_at, start_node_id=fire.node_id, until=until
            )
        except TimedOutError:
            found.truncated, found.until = True, fire.at
            return found
        found.played.append(turns.taken(Played(fire, rehearsal)))
        await asyncio.sleep(0)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A start at which two versions would not have done the same; None where one would not have started."""

    at: datetime
    one: Played | None
    other: Played | None


def differences(one: Replay, other: Replay) -> list[Difference]:
    """Where two versions would not have done the same, in the order of time, as far as both were played."""
    ends = [each.until for each in (one, other) if each.truncated and each.until is not None]
    ones, others = (
        {played.fire.identity: played for played in each.played if all(played.fire.at < end for end in ends)}
        for each in (one, other)
    )
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
