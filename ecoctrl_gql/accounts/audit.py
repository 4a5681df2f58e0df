"""The audit log, for administrators to read."""

import strawberry

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import AuditEntryRow


@node_type(AuditEntryRow, rule=ADMINS)
class AuditEntry(Node):
    actor_id: auto
    actor_name: auto
    api_key_id: auto
    action: auto
    node_id: auto
    address: auto
    request_id: auto
    details: auto
    created_at: auto


AUDIT_LOG = Listing(
    AuditEntry,
    filters=("id", "actor_id", "actor_name", "api_key_id", "action", "node_id", "address", "created_at"),
    orders=("created_at",),
    default=Order("created_at", descending=True),
)


@strawberry.type
class AuditQuery:
    audit_entry = by_id(AuditEntry, "One entry of the audit log.", rule=ADMINS)
    audit_log = AUDIT_LOG.field("Who did what, newest first.", rule=ADMINS)
