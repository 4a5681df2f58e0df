from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import FaultRow, FaultStatsRow


@node_type(FaultRow)
class Fault(Node):
    device: auto
    level: auto
    time: auto
    status: auto
    created_at: auto


@node_type(FaultStatsRow)
class FaultStats(Node):
    total_count: auto
    trend: auto
    mttr: auto
    avg_response_time: auto
    snapshot_at: auto


FAULTS = Listing(
    Fault,
    filters=("id", "device", "level", "time", "status", "created_at"),
    orders=("time", "device"),
    default=Order("time", descending=True),
)
