from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, Owned, auto, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import MessageRow, UserRow


@node_type(MessageRow, owned=Owned("user_id", everybody=True))
class Message(Node):
    type: auto
    event_id: auto
    payload: auto
    created_at: auto
    user: LazyUser | None = to_one(UserRow, "user_id", "The user whom it is for; null for everybody.")


MESSAGES = Listing(
    Message,
    filters=("id", "type", "event_id", "created_at"),
    orders=("created_at",),
    default=Order("created_at", descending=True),
)
