from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.listing import Narrowing
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.db.conditions import AnyOf, Compare, Condition, Operator
from ecoctrl_gql.messages.types import MESSAGES, Message


async def _for_caller(info: Info[Any, Any], _: object) -> Condition:
    own = Compare("user_id", Operator.EQ, info.context.signed_in().user_id)
    return AnyOf((own, Compare("user_id", Operator.IS_NULL, True)))


@strawberry.type
class MessageQuery:
    message = by_id(Message, "One message, to everybody or to the caller.")
    messages = MESSAGES.field(
        "Messages of workflows to everybody and to the caller, newest first; those of the last days.",
        narrowing=Narrowing(_for_caller),
    )
