import strawberry

from ecoctrl_gql.events.fields import added
from ecoctrl_gql.messages.types import MESSAGES


@strawberry.type
class MessageSubscription:
    message_added = added(
        MESSAGES, "What workflows tell (nodes of type sse_send): to everybody, and to the caller alone."
    )
