from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.checks import day
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.repositories.fault_stats import Stretch
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.faults.types import FAULTS, Fault, FaultStats

From = Annotated[
    datetime | None,
    strawberry.argument(name="from", description="The beginning of a stretch of time; none for all faults."),
]
To = Annotated[
    datetime | None,
    strawberry.argument(description="The end of that stretch, which does not belong to it; now by default."),
]


@strawberry.type
class FaultQuery:
    fault = by_id(Fault, "One fault.")
    faults = FAULTS.field("Faults, newest first.")

    @strawberry.field(
        graphql_type=FaultStats | None,
        description="Figures about the faults that occurred in a stretch of time, compared with the "
        "stretch of equal length before it; they are worked out when they are asked for. Without a stretch "
        "the snapshot of the figures about all faults, whose trend is that of the last 30 days; null before "
        "the first.",
        directives=[VIEWERS],
    )
    async def fault_stats(self, info: Info[Any, Any], start: From = UNSET, to: To = UNSET) -> Base | None:
        repository, columns = info.context.repos.fault_stats, selected_columns(info, FaultStats)
        found: Base | None
        if start in (None, UNSET) and to in (None, UNSET):
            found = await repository.only(columns)
        else:
            found = await repository.find(_stretch(start or None, to or None), columns)
        return found


def _stretch(start: datetime | None, end: datetime | None) -> Stretch:
    if start is None:
        raise BadInputError("Give from as well: the figures are about the time from then on.")
    end = end or datetime.now(UTC)
    if day(start, "from") >= day(end, "to"):
        raise BadInputError("from must lie before to.")
    return Stretch(start, end)
