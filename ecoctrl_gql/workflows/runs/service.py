"""What people do with runs: start one, stop one, go on with one that failed."""

from collections.abc import Mapping
from typing import Any

import orjson

from ecoctrl_gql.checks import about
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import ExecutionStatus, TriggerType
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import WorkflowExecutionRow
from ecoctrl_gql.errors import BadInputError, ConflictError
from ecoctrl_gql.workflows.runs.containers import CONTAINERS
from ecoctrl_gql.workflows.runs.starting import NewRun, start_run

MAX_DATA_BYTES = 262_144

FULL = "The workflow lets no other run begin while one is active (settings.concurrency)."


async def trigger_workflow(
    db: Database, workflow_id: str, data: Any, *, user_id: str | None
) -> WorkflowExecutionRow:
    """
    Start a run by hand, of the published definition; a workflow that is disabled can be started as well.

    Args:
        db: The database.
        workflow_id: The workflow.
        data: What expressions know as ``trigger``, an object; None for nothing.
        user_id: The user who starts it.

    Raises:
        NotFoundError: There is no such workflow.
        BadInputError: The data are no object, or too large.
        ConflictError: The workflow lets no other run begin now.
        InvalidWorkflowError: What is published can't run.
    """
    given = _checked(data)
    async with db.transaction() as repos:
        with about("input", "id"):
            workflow = await repos.workflows.get(workflow_id, frozenset({"version"}))
        run = await start_run(
            repos,
            NewRun(
                workflow_id=workflow_id,
                version=workflow.version,
                trigger=TriggerType.MANUAL,
                data={**given, "source": "manual"},
                user_id=user_id,
            ),
        )
    if run is None:
        raise ConflictError(FULL, field=("input", "id"))
    return run


def _checked(data: Any) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BadInputError("The data must be an object.", field=("input", "data"))
    size = len(orjson.dumps(data))
    if size > MAX_DATA_BYTES:
        message = f"The data have {size:,} bytes; {MAX_DATA_BYTES:,} are the most."
        raise BadInputError(message, field=("input", "data"))
    return data


async def cancel_execution(db: Database, execution_id: str, *, by: str) -> WorkflowExecutionRow:
    """
    Ask a run to stop; it does so at its next step, or at once where it waits.

    Args:
        db: The database.
        execution_id: The run.
        by: Who asks, for people to read.

    Raises:
        NotFoundError: There is no such run.
        ConflictError: It has ended.
    """
    executions = db.repositories().workflow_executions
    stopped = await executions.cancel([execution_id], f"Stopped by {by}.")
    if stopped:
        return stopped[0]
    with about("input", "id"):
        ended = await executions.get(execution_id, frozenset({"status"}))
    raise ConflictError(f"The run is {ended.status} already.", field=("input", "id"))


async def redo_execution(db: Database, execution_id: str, *, user_id: str | None) -> WorkflowExecutionRow:
    """
    Go on with a run that failed or was stopped, from the node that did not succeed, in a new run.

    What succeeded is taken over and not done again. The keys of calls are those of the first run, so whoever
    was called before knows a repetition. A run is redone once, then the one that it was redone by: else what
    that did to our rows would be done again.

    Raises:
        NotFoundError: There is no such run.
        ConflictError: It has not ended, or ended well, was redone before, or was not run by this server.
    """
    async with db.transaction() as repos:
        await repos.lock(f"redo of {execution_id}")
        failed = await _redoable(repos, execution_id)
        run = await start_run(
            repos,
            NewRun(
                workflow_id=failed.workflow_id,
                version=failed.version or 0,
                trigger=TriggerType(failed.trigger or TriggerType.MANUAL),
                data=failed.trigger_data if isinstance(failed.trigger_data, dict) else {},
                start_node_id=failed.start_node_id,
                user_id=user_id,
                redo_of_id=failed.id,
                effect_id=failed.effect_id,
            ),
        )
        if run is None:
            raise ConflictError(FULL, field=("input", "id"))
        steps = await repos.workflow_steps.copy(failed.id, run.id, list(CONTAINERS))
        return await repos.workflow_executions.update(run.id, steps=steps)


async def _redoable(repos: Repositories, execution_id: str) -> WorkflowExecutionRow:
    columns = frozenset(
        {"workflow_id", "version", "trigger", "trigger_data", "start_node_id", "effect_id", "status"}
    )
    with about("input", "id"):
        run = await repos.workflow_executions.get(execution_id, columns)
    if run.status not in (ExecutionStatus.FAILED, ExecutionStatus.CANCELLED):
        raise ConflictError(
            f"The run is {run.status}; only one that failed or was stopped can be redone.",
            field=("input", "id"),
        )
    if run.version is None:
        raise ConflictError("The run was not recorded step by step.", field=("input", "id"))
    redone = await repos.workflow_executions.list_by("redo_of_id", columns=frozenset({"id"})).load(run.id)
    if redone:
        raise ConflictError(f"The run was redone before: redo {redone[0].id} instead.", field=("input", "id"))
    return run
