"""
Arming: the triggers of each enabled workflow stand ready in the database, those of its published version.

Nobody who changes workflows has to think of it, plain SQL and the studio included: whatever differs is found
and set right, a workflow at a time, by one of the processes.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.workflows import Unarmed
from ecoctrl_gql.errors import BadInputError, NotFoundError
from ecoctrl_gql.platform.clock import site_zone
from ecoctrl_gql.workflows.dsl.kinds.triggers import ScheduleConfig
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError
from ecoctrl_gql.workflows.expressions import recorded
from ecoctrl_gql.workflows.runs.definitions import document_of
from ecoctrl_gql.workflows.triggers.clock import Clock
from ecoctrl_gql.workflows.triggers.configs import first_fire, triggers_of
from ecoctrl_gql.workflows.triggers.loops import Alarm

LOOK_EVERY_S = 3.0
MEND_EVERY = 20
"""After how many looks schedules are mended, and what could not be armed is tried again."""

log = structlog.stdlib.get_logger("ecoctrl.workflows")


class Arming:
    """
    Arms and disarms workflows.

    Args:
        db: The database.
        settings: The server's settings that templates may name.
        clock: The time.
    """

    def __init__(self, db: Database, settings: Mapping[str, str], clock: Clock) -> None:
        self.woken = Alarm()
        self._db, self._settings, self._clock = db, settings, clock
        self._invalid: set[tuple[str, int]] = set()
        self._failed: set[tuple[str, int]] = set()
        self._zone: ZoneInfo | None = None
        self._looks = 0

    async def run(self) -> None:
        """Arm what is to be armed, then wait until there may be more."""
        await self.look()
        await self.woken.wait(LOOK_EVERY_S)

    async def look(self) -> int:
        """Arm and disarm all that differs; gives how many workflows."""
        changed = 0
        unarmed = await self._db.repositories().workflows.unarmed()
        self._invalid &= {(each.id, each.version) for each in unarmed}
        for each in unarmed:
            known = (each.id, each.version)
            if not each.enabled or (known not in self._invalid and known not in self._failed):
                changed += await self._arm_one(each.id)
        zone = await site_zone(self._db.repositories())
        if self._looks % MEND_EVERY == 0 or zone != self._zone:
            self._failed.clear()
            await self._mend_schedules(zone)
            self._zone = zone
        self._looks += 1
        return changed

    async def _arm_one(self, workflow_id: str) -> bool:
        taken: Unarmed | None = None
        try:
            async with self._db.transaction() as repos:
                taken = await repos.workflows.take_unarmed(workflow_id)
                if taken is not None:
                    await self._arm(repos, taken)
        except Exception:
            if taken is None:
                raise
            log.exception("A workflow could not be armed; it is tried again.", workflow_id=taken.id)
            self._failed.add((taken.id, taken.version))
        return taken is not None

    async def _arm(self, repos: Repositories, workflow: Unarmed) -> None:
        if not workflow.enabled:
            await repos.workflow_triggers.replace(workflow.id, ())
            await repos.workflows.set_armed(workflow.id, None)
            return
        try:
            document = await document_of(repos, workflow.id, workflow.version)
            now, zone = await self._clock.now(repos), await site_zone(repos)
            wanted = triggers_of(document, self._settings, recorded(now, zone=zone), zone)
        except (BadInputError, NotFoundError) as error:
            log.warning("A workflow can't be armed.", workflow_id=workflow.id, reason=_reason(error))
            self._invalid.add((workflow.id, workflow.version))
            await repos.workflow_triggers.replace(workflow.id, ())
            if workflow.armed_version is not None:
                await repos.workflows.set_armed(workflow.id, None)
            return
        await repos.workflow_triggers.replace(workflow.id, wanted)
        await repos.workflows.set_armed(workflow.id, workflow.version)

    async def _mend_schedules(self, zone: ZoneInfo) -> None:
        """
        See that no schedule waits longer than it should.

        It would where the platform's time zone is another now, or where clocks were set back.
        """
        repos = self._db.repositories()
        now = await self._clock.now(repos)
        for trigger in await repos.workflow_triggers.of_types(TriggerType.SCHEDULE):
            try:
                expected = first_fire(ScheduleConfig.model_validate(trigger.config), zone, now)
            except ValueError:
                continue  # the fire that fails tells of it
            if trigger.next_at is not None and expected is not None and trigger.next_at > expected:
                await repos.workflow_triggers.mend_next(trigger.id, trigger.next_at, expected)


def _reason(error: Exception) -> str:
    """Why a workflow can't be armed, without a value of its definition, which may be secret."""
    if isinstance(error, InvalidWorkflowError):
        problem = error.problems[0]
        return f"{problem.path or 'the definition'}: {problem.rule.description}"
    return str(error)
