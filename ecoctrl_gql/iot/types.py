from datetime import UTC, datetime

from strawberry import Parent

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, column, computed, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import IotObjectRow, IotTokenRow


@node_type(IotTokenRow, rule=ADMINS)
class IotToken(Node):
    expires_at: auto

    @computed("expires_at", description="Whether the token has not expired yet.")
    def valid(token: Parent[IotTokenRow]) -> bool:
        return token.expires_at > datetime.now(UTC).timestamp() * 1000


@node_type(IotObjectRow)
class IotObject(Node):
    code: auto
    name: auto
    type: auto
    description: auto
    metadata_: auto = column(name="metadata")
    created_at: auto


IOT_OBJECTS = Listing(
    IotObject,
    filters=("id", "code", "name", "type", "created_at"),
    orders=("name", "code", "type"),
    default=Order("name"),
)
