from collections.abc import Sequence
from datetime import datetime

import strawberry
from strawberry import ID, Parent

from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import READS, Node, auto, computed, global_id, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.repositories.fault_stats import Stretch
from ecoctrl_gql.db.tables import FaultChangeRow, FaultRow, FaultStatsRow, UserRow
from ecoctrl_gql.engine import batched


@node_type(FaultChangeRow)
class FaultChange(Node):
    from_status: auto
    to_status: auto
    changed_at: auto
    note: auto
    fault: "Fault" = to_one(FaultRow, "fault_id", "The fault whose status changed.")
    user: LazyUser | None = to_one(
        UserRow,
        "user_id",
        "The user who changed it; null for other programs, and when that account is gone.",
    )


FAULT_CHANGES = Listing(
    FaultChange,
    filters=("id", "fault_id", "from_status", "to_status", "changed_at", "user_id"),
    orders=("changed_at",),
    default=Order("changed_at"),
)


@node_type(FaultRow)
class Fault(Node):
    device: auto
    level: auto
    time: auto
    status: auto
    created_at: auto
    description: auto
    reporter: LazyUser | None = to_one(
        UserRow,
        "reporter_id",
        "The user who recorded it; null for other programs, and when that account is gone.",
    )
    assignee: LazyUser | None = to_one(UserRow, "assignee_id", "The user who is to repair it.")
    changes: Connection[FaultChange] = FAULT_CHANGES.field_of(
        "fault_id", "The steps from one status to another that it has taken, the first one first."
    )


@node_type(FaultStatsRow, read_key=Stretch.parsed)
class FaultStats(Node):
    total_count: auto
    trend: auto
    mttr: auto
    avg_response_time: auto
    snapshot_at: auto
    trend_percent: auto
    mean_repair_hours: auto
    mean_response_minutes: auto

    @strawberry.field(
        name="id",
        graphql_type=ID,
        description="Their id: that of the stretch of time they are about, or of the snapshot. Opaque.",
        metadata={READS: ()},
    )
    @batched
    def global_id(records: Sequence[FaultStatsRow]) -> list[str]:
        return [global_id(FaultStatsRow, _stretch(stats) or stats.id) for stats in records]

    @computed(
        name="from",
        graphql_type=datetime | None,
        description="The beginning of the stretch of time that they are about; null for all faults.",
    )
    def start(stats: Parent[FaultStatsRow]) -> datetime | None:
        stretch = _stretch(stats)
        return stretch and stretch.start

    @computed(
        name="to",
        graphql_type=datetime | None,
        description="The end of that stretch, which does not belong to it; null for all faults.",
    )
    def end(stats: Parent[FaultStatsRow]) -> datetime | None:
        stretch = _stretch(stats)
        return stretch and stretch.end


def _stretch(stats: FaultStatsRow) -> Stretch | None:
    return getattr(stats, "stretch", None)


FAULTS = Listing(
    Fault,
    filters=(
        *("id", "device", "level", "time", "status", "created_at", "description"),
        *("reporter_id", "assignee_id"),
    ),
    orders=("time", "device"),
    default=Order("time", descending=True),
)
