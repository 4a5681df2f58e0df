"""The runs of workflows, and where each stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiodataloader import DataLoader
from psycopg.types.json import Jsonb

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_executions import WorkflowExecutionRow
from ecoctrl_gql.db.workflow_runs import (
    ACTIVE,
    CANCEL,
    CANCELLED,
    CLAIM,
    END,
    EVER,
    HELD,
    HOLD,
    NEXT_WAKE,
    OLD,
    RELEASE,
    START,
    STARTED_BY,
    STATISTICS,
    STRAY,
    WAIT,
    WAKE,
    Claimed,
    RunStatistics,
)


class WorkflowExecutionRepository(Repository[WorkflowExecutionRow]):
    row_type = WorkflowExecutionRow
    name = "workflow run"

    async def start(self, values: Mapping[str, Any]) -> WorkflowExecutionRow | None:
        """Insert a run with its job; None where the workflow has a run with its ``dedup_key`` already."""
        data = values["trigger_data"]
        started = await self._change(START, {**values, "trigger_data": Jsonb(data)})
        return started[0] if started else None

    async def started_by(self, workflow_id: str, dedup_key: str) -> str | None:
        """The run of a workflow that something has started already."""
        found = await self._runner.fetch(STARTED_BY, {"workflow_id": workflow_id, "dedup_key": dedup_key})
        return found[0] if found else None

    async def claim(self, key: str) -> Claimed | None:
        """Take up a run; None where it has ended, is gone or waits for later."""
        claimed = await self._runner.fetch(CLAIM, {"id": key})
        return claimed[0] if claimed else None

    async def hold(self, run: Claimed) -> bool | None:
        """
        Keep a run from others until the transaction ends.

        Returns:
            Whether somebody asked to stop it; None where another worker has it by now, or it has ended.
        """
        held = await self._runner.fetch(HOLD, {"id": run.id, "claim": run.claim})
        return held[0] if held else None

    async def release(self, run: Claimed) -> None:
        """Note that a run could not be taken on for no fault of its own."""
        await self._runner.fetch(RELEASE, {"id": run.id, "claim": run.claim})

    async def wait(self, run: Claimed, until: datetime) -> bool:
        """Let a run wait; False where another worker has it by now."""
        values = {"id": run.id, "claim": run.claim, "wake_at": until}
        return bool(await self._runner.fetch(WAIT, values))

    async def end(
        self,
        run: Claimed,
        status: str,
        result: Any,
        *,
        error: str | None = None,
        node_id: str | None = None,
        dead: bool = False,
        others_wait: bool = False,
    ) -> bool:
        """
        End a run.

        Args:
            run: The run.
            status: How it ended.
            result: Its output and its log.
            error: Why it failed, if it did.
            node_id: The node that failed, if one did.
            dead: Whether it was given up.
            others_wait: Whether other runs of the workflow may wait for their turn; the next one is woken.

        Returns:
            False where another worker has it by now.
        """
        values = {
            "id": run.id,
            "claim": run.claim,
            "status": status,
            "result": Jsonb(result),
            "error": error,
            "node_id": node_id,
            "dead": dead,
            "others_wait": others_wait,
        }
        return bool(await self._runner.fetch(END, values))

    async def wake(self, limit: int) -> int:
        """Put runs whose wait is over on the queue; gives how many."""
        return len(await self._runner.fetch(WAKE, {"limit": limit}))

    async def next_wake(self) -> timedelta | None:
        """After which time the next wait is over; None where no run waits."""
        return (await self._runner.fetch(NEXT_WAKE, {}))[0]

    async def wake_strays(self, age: timedelta, limit: int) -> list[str]:
        """Put runs on the queue that should be and are not; gives them."""
        return await self._runner.fetch(STRAY, {"age": age, "limit": limit})

    async def held(self, worker_id: int) -> set[int]:
        """The jobs that the queue believes to be with a worker."""
        return set(await self._runner.fetch(HELD, {"worker_id": worker_id}))

    async def cancel(self, keys: Sequence[str], reason: str) -> list[WorkflowExecutionRow]:
        """Ask to stop runs; gives those that had not ended."""
        return await self._change(CANCEL, {"keys": list(keys), "reason": reason})

    async def cancelled(self, keys: Sequence[str]) -> set[str]:
        """Those among some runs that are to stop."""
        return set(await self._runner.fetch(CANCELLED, {"keys": list(keys)}))

    async def active(self, workflow_id: str, *, but: str | None = None, pending: bool) -> list[str]:
        """
        The runs of a workflow that have not ended, the oldest first.

        Args:
            workflow_id: The workflow.
            but: A run to leave out.
            pending: Whether those count that have not begun, but none that is to stop; else only those that
                have begun, also where they are to stop.
        """
        values = {"workflow_id": workflow_id, "but": but, "pending": pending}
        return await self._runner.fetch(ACTIVE, values)

    def statistics_since(self, since: datetime | None) -> DataLoader[str, RunStatistics]:
        """How the runs of a workflow have gone that began at a time or later; all by default."""
        runner = self._runner

        async def load(keys: list[str]) -> list[RunStatistics]:
            rows = await runner.fetch(STATISTICS, {"keys": keys, "since": since or EVER})
            found = {row.workflow_id: row for row in rows}
            return [found[key] for key in keys]

        return self._loader(("statistics", since), load)

    async def remove_old(self, age: timedelta, limit: int) -> int:
        """Remove runs that ended longer ago, with their journals; gives how many."""
        return len(await self._runner.fetch(OLD, {"age": age, "limit": limit}))
