import strawberry

from ecoctrl_gql.events.fields import added
from ecoctrl_gql.notifications.types import NOTIFICATIONS


@strawberry.type
class NotificationSubscription:
    notification_added = added(NOTIFICATIONS, "The caller's notifications, as they are written.")
