"""Dry runs and replays through the API: they are queries, for they change nothing."""

import time
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import ID, Info

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.db.tables import WorkflowRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dry_runs.inputs import (
    DryRunWorkflowInput,
    ReplayWorkflowInput,
    WorkflowDefinitionInput,
)
from ecoctrl_gql.workflows.dry_runs.rehearsal import Stage, rehearse
from ecoctrl_gql.workflows.dry_runs.replay import MAX_FIRES, Replay, differences, replay
from ecoctrl_gql.workflows.dry_runs.stages import Which, all_problems, stage_of
from ecoctrl_gql.workflows.dry_runs.types import (
    Show,
    WorkflowDryRun,
    WorkflowFire,
    WorkflowReplayDifference,
    WorkflowReplaySummary,
)
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError
from ecoctrl_gql.workflows.runs.values import shown

DRY_RUN_S = 10.0
SPARE_S = 3.0
"""What is left of a request's time for the rest of it."""

MOST_SHOWN = 1000
FIRST_YEAR, LAST_YEAR = 1970, 2999


@strawberry.type(
    description="What the past played again came to; nothing of it was done.", directives=[ADMINS]
)
class WorkflowReplay:
    covered_from: datetime | None = strawberry.field(
        description="From when on there are events to play; null where no trigger asks for them."
    )
    summary: WorkflowReplaySummary = strawberry.field(description="What the definition would have done.")
    compared: WorkflowReplaySummary | None = strawberry.field(
        description="What the other definition would have done; null where none was named."
    )
    played: strawberry.Private[Replay]
    other: strawberry.Private[Replay | None]
    show: strawberry.Private[Show]

    @strawberry.field(description="The starts, in the order of time.")
    def fires(
        self,
        first: Annotated[int, strawberry.argument(description=f"How many, up to {MOST_SHOWN:,}.")] = 100,
        offset: Annotated[int, strawberry.argument(description="How many to leave out before them.")] = 0,
    ) -> list[WorkflowFire]:
        return [WorkflowFire.of(each, self.show) for each in _part(self.played.played, first, offset)]

    @strawberry.field(description="Where the two definitions would not have done the same.")
    def differences(
        self,
        first: Annotated[int, strawberry.argument(description=f"How many, up to {MOST_SHOWN:,}.")] = 100,
        offset: Annotated[int, strawberry.argument(description="How many to leave out before them.")] = 0,
    ) -> list[WorkflowReplayDifference]:
        found = [] if self.other is None else differences(self.played, self.other)
        return [WorkflowReplayDifference.of(each, self.show) for each in _part(found, first, offset)]


@strawberry.type
class WorkflowDryRunQuery:
    @strawberry.field(
        description="Try a run without doing anything: the same walk, with a clock that jumps over waits. "
        "Reads of the database are done; requests, mails, writes and points are told, not done.",
        directives=[ADMINS],
    )
    async def dry_run_workflow(
        self,
        info: Info[Any, Any],
        input: Annotated[DryRunWorkflowInput, strawberry.argument(description="What to try.")],
    ) -> WorkflowDryRun:
        stage = await _stage(info, _which(input.id, input), input.mocks)
        data = {"source": "test"} if input.trigger_data is None else input.trigger_data
        at = _sensible(input.at or datetime.now(UTC), "at")
        if input.start_node_id is not None and input.start_node_id not in stage.document.graph.nodes:
            raise BadInputError(
                f"There is no node {input.start_node_id[:80]}.", field=("input", "startNodeId")
            )
        rehearsal = await rehearse(
            stage, data, at, start_node_id=input.start_node_id, until=time.monotonic() + DRY_RUN_S
        )
        return WorkflowDryRun.of(rehearsal, list(stage.secrets.values()))

    @strawberry.field(
        description="Play a stretch of the past again: how often schedules, events and changed values would "
        "have started a workflow, and what it would have done; two definitions can be compared. Nothing "
        "is done.",
        directives=[ADMINS],
    )
    async def replay_workflow(
        self,
        info: Info[Any, Any],
        input: Annotated[ReplayWorkflowInput, strawberry.argument(description="What to play again.")],
    ) -> WorkflowReplay:
        start, end = _sensible(input.from_, "from"), _sensible(input.to, "to")
        if end < start:
            raise BadInputError("The end lies before the begin.", field=("input", "to"))
        if not 1 <= input.max_fires <= MAX_FIRES:
            raise BadInputError(f"maxFires can be 1 to {MAX_FIRES:,}.", field=("input", "maxFires"))
        stages = [await _stage(info, _which(input.id, input), input.mocks)]
        if input.compare_with is not None:
            own = None if input.compare_with.dsl is not None else input.id
            stages.append(await _stage(info, _which(own, input.compare_with), input.mocks))
        timeout_s = info.context.auth.settings.request_timeout_s - SPARE_S
        began, played = time.monotonic(), []
        for index, stage in enumerate(stages, 1):
            until = began + timeout_s * index / len(stages)
            keys = info.context.auth.keys
            played.append(await replay(stage, keys, start, end, most=input.max_fires, until=until))
        secrets = [secret for stage in stages for secret in stage.secrets.values()]
        show: Show = partial(shown, secrets=secrets)
        other = played[1] if len(played) > 1 else None
        asks = any(trigger.kind.name in ("event", "state_change") for trigger in stages[0].document.triggers)
        return WorkflowReplay(
            covered_from=await info.context.repos.events.first_kept_at() if asks else None,
            summary=WorkflowReplaySummary.of(played[0], end, show),
            compared=None if other is None else WorkflowReplaySummary.of(other, end, show),
            played=played[0],
            other=other,
            show=show,
        )


def _which(
    id: ID | None, input: DryRunWorkflowInput | ReplayWorkflowInput | WorkflowDefinitionInput
) -> Which:
    key = None if id is None else str(key_of(WorkflowRow, id, "id"))
    return Which(key, input.version, input.draft, input.dsl)


async def _stage(info: Info[Any, Any], which: Which, mocks: Any) -> Stage:
    context = info.context
    settings, keys = context.auth.settings, context.auth.keys
    user_id = context.signed_in().user_id
    try:
        return await stage_of(context.db, settings, keys, which, user_id=user_id, mocks=mocks)
    except InvalidWorkflowError as error:
        raise all_problems(error) from None


def _sensible(instant: datetime, name: str) -> datetime:
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        message = f"{name} must lie in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise BadInputError(message, field=("input", name))
    return instant


def _part(values: list[Any], first: int, offset: int) -> list[Any]:
    if not 0 <= first <= MOST_SHOWN or offset < 0:
        raise BadInputError(f"first can be 0 to {MOST_SHOWN:,}, offset 0 or more.")
    return values[offset : offset + first]
