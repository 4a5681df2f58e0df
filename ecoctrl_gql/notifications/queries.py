from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.listing import Narrowing
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.db.conditions import Condition
from ecoctrl_gql.notifications.service import of_user, unread_of
from ecoctrl_gql.notifications.types import NOTIFICATIONS, Notification


async def _own(info: Info[Any, Any], _: object) -> Condition:
    return of_user(info.context.signed_in().user_id)


@strawberry.type
class NotificationQuery:
    notification = by_id(Notification, "One of the caller's notifications.")
    notifications = NOTIFICATIONS.field(
        "The caller's notifications, newest first.", narrowing=Narrowing(_own)
    )

    @strawberry.field(description="How many notifications the caller has not read yet.", directives=[VIEWERS])
    async def unread_notification_count(self, info: Info[Any, Any]) -> int:
        user_id = info.context.signed_in().user_id
        count: int = await info.context.repos.notifications.count(unread_of(user_id))
        return count
