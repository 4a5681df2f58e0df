from itertools import product
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.alerts.types import (
    ALERTS,
    Alert,
    AlertCounts,
    AlertLevelCount,
    AlertLevelStatusCount,
    AlertStatusCount,
)
from ecoctrl_gql.api.filters import condition_of
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.db.enums import AlertLevel, AlertStatus

FilterArgument = Annotated[
    ALERTS.filter_type | None,  # type: ignore[name-defined]  # known when it runs
    strawberry.argument(description="Which alerts to count; all by default."),
]


async def alert_counts(info: Info[Any, Any], filter: Any = UNSET) -> AlertCounts:
    found = await info.context.repos.alerts.count_groups(("level", "status"), condition_of(filter))

    def count(levels: Any, statuses: Any) -> int:
        return sum(found.get((level.value, status.value), 0) for level, status in product(levels, statuses))

    return AlertCounts(
        total=sum(found.values()),
        by_level=[AlertLevelCount(level=level, count=count([level], AlertStatus)) for level in AlertLevel],
        by_status=[
            AlertStatusCount(status=status, count=count(AlertLevel, [status])) for status in AlertStatus
        ],
        by_level_and_status=[
            AlertLevelStatusCount(level=level, status=status, count=count([level], [status]))
            for level, status in product(AlertLevel, AlertStatus)
        ],
    )


alert_counts.__annotations__["filter"] = FilterArgument


@strawberry.type
class AlertQuery:
    alert = by_id(Alert, "One alert.")
    alerts = ALERTS.field("Alerts, newest first.")
    alert_counts = strawberry.field(
        resolver=alert_counts,
        description="How many alerts there are of each level and status, all counted in one statement.",
    )
