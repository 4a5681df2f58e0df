from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import FileRow, ModelRow


@node_type(ModelRow)
class Model(Node):
    name: auto
    version: auto
    format: auto
    size: auto
    description: auto
    file_url: auto
    thumbnail_url: auto
    doc_url: auto
    created_at: auto


@node_type(FileRow)
class File(Node):
    name: auto
    filename: auto
    mime_type: auto
    size: auto
    file_url: auto
    created_at: auto


MODELS = Listing(
    Model,
    filters=("id", "name", "version", "format", "created_at"),
    orders=("created_at", "name"),
    default=Order("created_at", descending=True),
)

FILES = Listing(
    File,
    filters=("id", "name", "filename", "mime_type", "size", "created_at"),
    orders=("created_at", "name"),
    default=Order("created_at", descending=True),
)
