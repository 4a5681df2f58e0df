from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, Owned, auto, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import NotificationRow, UserRow


@node_type(NotificationRow, owned=Owned("user_id"))
class Notification(Node):
    title: auto
    message: auto
    read: auto
    created_at: auto
    user: LazyUser = to_one(UserRow, "user_id", "The user whom it is for: the caller.")


NOTIFICATIONS = Listing(
    Notification,
    filters=("id", "title", "message", "read", "created_at"),
    orders=("created_at",),
    default=Order("created_at", descending=True),
)
