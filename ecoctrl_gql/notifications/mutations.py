from typing import Any

import strawberry
from strawberry import ID, Info

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.arguments import errors_at, keys_of_all
from ecoctrl_gql.api.mutations import Partly, mutation
from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.db.tables import NotificationRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.notifications import service
from ecoctrl_gql.notifications.inputs import DeleteNotificationsInput, MarkNotificationsReadInput
from ecoctrl_gql.notifications.types import Notification


@strawberry.type
class NotificationMutation:
    @mutation(
        rule=VIEWERS,
        description="Mark notifications of the caller as read. Those that are not there, or somebody else's, "
        "are told as user errors, each with its place in the list; all others are marked.",
        gives={
            "notifications": (
                list[Notification],
                "Those that were named, as they are now; empty where all were marked.",
            ),
            "changed_count": (int, "How many had not been read before."),
            "unread_count": (int, "How many the caller has not read now."),
        },
    )
    async def mark_notifications_read(
        self, info: Info[Any, Any], input: MarkNotificationsReadInput
    ) -> Partly:
        user_id = info.context.signed_in().user_id
        if input.all is (input.ids is not None):
            raise BadInputError("Give either ids or all.", field=("input",))
        if input.ids is None:
            return Partly(await service.mark_all_read(info.context.db, user_id), ())
        keys = keys_of_all(NotificationRow, input.ids)
        marked = await service.mark_read(info.context.db, user_id, keys)
        return Partly(marked, errors_at(marked.errors, keys))

    @mutation(
        rule=VIEWERS,
        description="Delete notifications of the caller. Those that are not there, or somebody else's, are "
        "told as user errors, each with its place in the list; all others are deleted.",
        gives={"deleted_ids": (list[ID], "The ids of those that are gone, in the order of the input.")},
    )
    async def delete_notifications(self, info: Info[Any, Any], input: DeleteNotificationsInput) -> Partly:
        keys = keys_of_all(NotificationRow, input.ids)
        gone, errors = await service.delete(info.context.db, info.context.signed_in().user_id, keys)
        return Partly([global_id(NotificationRow, key) for key in gone], errors_at(errors, keys))
