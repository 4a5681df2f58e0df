"""Starting runs, within what a workflow says of how many may go on at a time."""

from dataclasses import dataclass
from typing import Any, Final

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import WorkflowExecutionRow
from ecoctrl_gql.workflows.dsl.shapes import ConcurrencyPolicy, Settings
from ecoctrl_gql.workflows.runs.definitions import settings_of

REPLACED: Final = "Replaced by a run that began later."


@dataclass(frozen=True, slots=True)
class NewRun:
    """
    A run to start.

    Attributes:
        workflow_id: The workflow.
        version: The version of it that runs.
        trigger: What kind of trigger starts it.
        data: What expressions know as ``trigger``; ``source`` in it says what it was.
        start_node_id: The node at which it begins; the workflow's start by default.
        user_id: The user who starts it, if somebody does.
        dedup_key: The same key starts a workflow once, however many processes try.
        redo_of_id: The run that it goes on with.
        effect_id: What the keys of its calls are made of; new by default.
    """

    workflow_id: str
    version: int
    trigger: TriggerType
    data: dict[str, Any]
    start_node_id: str | None = None
    user_id: str | None = None
    dedup_key: str | None = None
    redo_of_id: str | None = None
    effect_id: str | None = None


async def start_run(repos: Repositories, run: NewRun) -> WorkflowExecutionRow | None:
    """
    Insert a run and its job, in the caller's transaction.

    Returns:
        None where the workflow has a run with the same ``dedup_key`` already, or lets no other begin as long
        as one is active.
    """
    settings = await settings_of(repos, run.workflow_id, run.version)
    policy = settings.policy
    if policy in (ConcurrencyPolicy.SKIP, ConcurrencyPolicy.REPLACE):
        await repos.lock(turn_of(run.workflow_id))
    if policy is ConcurrencyPolicy.SKIP and await _is_full(repos, run, settings):
        return None
    started = await repos.workflow_executions.start(
        {
            "workflow_id": run.workflow_id,
            "version": run.version,
            "trigger": run.trigger.value,
            "trigger_data": run.data,
            "start_node_id": run.start_node_id,
            "user_id": run.user_id,
            "dedup_key": run.dedup_key,
            "timeout": settings.timeout,
            "redo_of_id": run.redo_of_id,
            "effect_id": run.effect_id,
        }
    )
    # only then: what was started already replaces nothing
    if started is not None and policy is ConcurrencyPolicy.REPLACE:
        await _stop_others(repos, started.id, run, settings)
    return started


def turn_of(workflow_id: str) -> str:
    """The name of the lock under which it is decided which runs of a workflow go on."""
    return f"runs of {workflow_id}"


async def _is_full(repos: Repositories, run: NewRun, settings: Settings) -> bool:
    active = await repos.workflow_executions.active(run.workflow_id, pending=True)
    return len(active) >= settings.limit


async def _stop_others(repos: Repositories, started_id: str, run: NewRun, settings: Settings) -> None:
    others = await repos.workflow_executions.active(run.workflow_id, but=started_id, pending=True)
    too_many = others[: max(0, len(others) - settings.limit + 1)]
    if too_many:
        await repos.workflow_executions.cancel(too_many, REPLACED)
