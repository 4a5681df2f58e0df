"""The armed triggers of enabled workflows."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflow_triggers import WorkflowTriggerRow


class NewTrigger(NamedTuple):
    """A trigger to arm."""

    path: str
    type: TriggerType
    config: dict[str, Any]
    node_id: str | None
    next_at: datetime | None = None


class ArmedTrigger(NamedTuple):
    """An armed trigger, and the version of its workflow that it starts."""

    id: str
    workflow_id: str
    version: int
    path: str
    type: str
    config: dict[str, Any]
    node_id: str | None
    next_at: datetime | None
    armed_at: datetime


_COLUMNS = """
trigger.id, trigger.workflow_id, workflow.armed_version, trigger.path, trigger.type, trigger.config,
    trigger.node_id, trigger.next_at, trigger.armed_at
""".strip()

_ARMED = """
workflow_triggers AS trigger JOIN workflows AS workflow
    ON workflow.id = trigger.workflow_id AND workflow.enabled AND workflow.armed_version IS NOT NULL
""".strip()

OF_TYPES: Statement[ArmedTrigger] = Statement(
    f"SELECT {_COLUMNS} FROM {_ARMED}"
    " WHERE trigger.type = ANY (%(types)s) ORDER BY trigger.armed_at, trigger.id",
    ArmedTrigger._make,
)

OF_SLUG: Statement[ArmedTrigger] = Statement(
    f"SELECT {_COLUMNS} FROM {_ARMED}"
    " WHERE workflow.slug = %(slug)s AND trigger.type = %(type)s ORDER BY trigger.path",
    ArmedTrigger._make,
)

# Rows come and go but never change in what this tells, so it differs whenever their set does.
FINGERPRINT: Statement[tuple[Any, ...]] = Statement(
    """
    SELECT count(*), bit_xor(hashtextextended(id::text, 0)) FROM workflow_triggers
    WHERE type = ANY (%(types)s)
    """.strip(),
    tuple,
)

# Whoever deletes a workflow waits for the transaction; whoever is doing so is not waited for.
KEEP: Statement[ArmedTrigger] = Statement(
    f"""
    SELECT {_COLUMNS} FROM {_ARMED} WHERE trigger.id = ANY (%(keys)s::uuid[])
    FOR KEY SHARE OF trigger, workflow
    """.strip(),
    ArmedTrigger._make,
    writes=True,
)

DUE: Statement[str] = Statement(
    f"""
    SELECT trigger.id FROM {_ARMED}
    WHERE trigger.next_at <= %(now)s AND NOT trigger.id = ANY (%(but)s::uuid[])
    ORDER BY trigger.next_at LIMIT %(limit)s
    """.strip(),
    lambda row: str(row[0]),
)

CLAIM: Statement[ArmedTrigger] = Statement(
    f"""
    SELECT {_COLUMNS} FROM {_ARMED} WHERE trigger.id = %(id)s AND trigger.next_at <= %(now)s
    FOR NO KEY UPDATE OF trigger SKIP LOCKED FOR KEY SHARE OF workflow SKIP LOCKED
    """.strip(),
    ArmedTrigger._make,
    writes=True,
)

NEXT_FIRE: Statement[datetime | None] = Statement(
    f"SELECT min(trigger.next_at) FROM {_ARMED} WHERE NOT trigger.id = ANY (%(but)s::uuid[])",
    lambda row: row[0],
)

FIRED: Statement[str] = Statement(
    """
    UPDATE workflow_triggers SET next_at = %(next_at)s, fired_at = coalesce(%(fired_at)s, fired_at)
    WHERE id = %(id)s RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)

# Only if nobody has moved it meanwhile.
MEND: Statement[str] = Statement(
    "UPDATE workflow_triggers SET next_at = %(next_at)s WHERE id = %(id)s AND next_at = %(was)s RETURNING id",
    lambda row: str(row[0]),
)

OF_WORKFLOW: Statement[tuple[Any, ...]] = Statement(
    "SELECT id, path, type, config, node_id FROM workflow_triggers WHERE workflow_id = %(workflow_id)s", tuple
)

REMOVE: Statement[str] = Statement(
    "DELETE FROM workflow_triggers WHERE id = ANY (%(keys)s::uuid[]) RETURNING id", lambda row: str(row[0])
)

MOVE: Statement[str] = Statement(
    "UPDATE workflow_triggers SET node_id = %(node_id)s WHERE id = %(id)s RETURNING id",
    lambda row: str(row[0]),
)

ADD: Statement[str] = Statement(
    """
    INSERT INTO workflow_triggers (workflow_id, path, type, config, node_id, next_at)
    VALUES (%(workflow_id)s, %(path)s, %(type)s, %(config)s, %(node_id)s, %(next_at)s) RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)


class WorkflowTriggerRepository(Repository[WorkflowTriggerRow]):
    row_type = WorkflowTriggerRow
    name = "armed trigger"

    async def replace(self, workflow_id: str, wanted: Iterable[NewTrigger]) -> None:
        """Let a workflow have these triggers and no others; one that is there already stays as it is."""
        left = {new.path: new for new in wanted}
        gone = []
        for key, path, type_, config, node_id in await self._runner.fetch(
            OF_WORKFLOW, {"workflow_id": workflow_id}
        ):
            new = left.get(path)
            if new is None or new.type != type_ or new.config != config:
                gone.append(str(key))
                continue
            del left[path]
            if new.node_id != node_id:
                await self._runner.fetch(MOVE, {"id": key, "node_id": new.node_id})
        if gone:
            await self._runner.fetch(REMOVE, {"keys": gone})
        for new in left.values():
            values = new._asdict() | {"type": new.type.value, "config": Jsonb(new.config)}
            await self._runner.fetch(ADD, {"workflow_id": workflow_id} | values)

    async def of_types(self, *types: TriggerType) -> list[ArmedTrigger]:
        """All armed triggers of some types, the oldest first."""
        return await self._runner.fetch(OF_TYPES, {"types": [one.value for one in types]})

    async def fingerprint(self, *types: TriggerType) -> tuple[Any, ...]:
        """What differs as soon as there are other triggers of some types than before."""
        return (await self._runner.fetch(FINGERPRINT, {"types": [one.value for one in types]}))[0]

    async def of_slug(self, slug: str, type: TriggerType) -> list[ArmedTrigger]:
        """The triggers of one type of the enabled workflow with a slug, by their path."""
        return await self._runner.fetch(OF_SLUG, {"slug": slug, "type": type.value})

    async def keep(self, keys: Collection[str]) -> dict[str, ArmedTrigger]:
        """Those of some triggers that are armed still; they stay so until the transaction ends."""
        found = await self._runner.fetch(KEEP, {"keys": list(keys)})
        return {trigger.id: trigger for trigger in found}

    async def due(self, now: datetime, but: Sequence[str], limit: int) -> list[str]:
        """The schedules whose time has come, but for some; those first that have waited longest."""
        return await self._runner.fetch(DUE, {"now": now, "but": list(but), "limit": limit})

    async def claim(self, key: str, now: datetime) -> ArmedTrigger | None:
        """A schedule whose time has come, until the transaction ends; None where another process has it."""
        found = await self._runner.fetch(CLAIM, {"id": key, "now": now})
        return found[0] if found else None

    async def next_fire(self, but: Sequence[str]) -> datetime | None:
        """When the next schedule fires; None where there is none."""
        return (await self._runner.fetch(NEXT_FIRE, {"but": list(but)}))[0]

    async def set_next(self, key: str, next_at: datetime | None, fired_at: datetime | None) -> None:
        """Note when a schedule fires next, and when it did, if it did."""
        await self._runner.fetch(FIRED, {"id": key, "next_at": next_at, "fired_at": fired_at})

    async def mend_next(self, key: str, was: datetime, next_at: datetime) -> bool:
        """Correct when a schedule fires next; False where it has fired meanwhile."""
        return bool(await self._runner.fetch(MEND, {"id": key, "was": was, "next_at": next_at}))
