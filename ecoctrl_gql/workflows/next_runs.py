"""When workflows run next."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.api.node import computed
from ecoctrl_gql.db.tables import WorkflowRow
from ecoctrl_gql.engine import batched
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.schedules import needs_default_zone, next_runs, schedules_of
from ecoctrl_gql.workflows.triggers.schedules import DEFAULT_TIME_ZONE

MAX_RUNS = 100
MIN_YEAR, MAX_YEAR = 1970, 2999  # beyond, calendars of cron and time zones end


@computed(
    "dsl",
    graphql_type=list[datetime],
    description="When its schedules fire next, as long as it is enabled; empty where it has none.",
)
@batched
async def next_runs_field(
    workflows: Sequence[WorkflowRow],
    info: Info[Any, Any],
    n: Annotated[int, strawberry.argument(description=f"How many, up to {MAX_RUNS}.")] = 5,
    after: Annotated[
        datetime | None, strawberry.argument(description="After which instant; now by default.")
    ] = UNSET,
) -> list[list[datetime]]:
    if not 0 <= n <= MAX_RUNS:
        raise BadInputError(f"nextRuns gives up to {MAX_RUNS} instants, not {n}.")
    start = after or datetime.now(UTC)
    if not MIN_YEAR <= start.year <= MAX_YEAR:
        raise BadInputError(f"nextRuns looks at the years {MIN_YEAR} to {MAX_YEAR}.")
    zone = await _platform_zone(info, workflows)
    return [next_runs(schedules_of(workflow.dsl, zone), n, start) for workflow in workflows]


async def _platform_zone(info: Info[Any, Any], workflows: Sequence[WorkflowRow]) -> str:
    """The platform's time zone, read only where a schedule leaves its own open."""
    if not any(needs_default_zone(workflow.dsl) for workflow in workflows):
        return DEFAULT_TIME_ZONE
    config = await info.context.repos.platform_configs.only(frozenset({"timezone"}))
    return config.timezone if config else DEFAULT_TIME_ZONE
