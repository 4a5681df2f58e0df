from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import AlertRow


@node_type(AlertRow)
class Alert(Node):
    device: auto
    level: auto
    message: auto
    time: auto
    status: auto


ALERTS = Listing(
    Alert,
    filters=("id", "device", "level", "message", "time", "status"),
    orders=("time", "device"),
    default=Order("time", descending=True),
)
