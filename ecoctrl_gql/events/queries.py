from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.events.beginnings import cursor_of_now


@strawberry.type
class EventQuery:
    @strawberry.field(
        description="The place in the history of events at this moment. Take it before you read lists, and"
        " follow `after` it: then nothing is missed in between."
    )
    async def event_cursor(self, info: Info[Any, Any]) -> str:
        return await cursor_of_now(info.context.events)
