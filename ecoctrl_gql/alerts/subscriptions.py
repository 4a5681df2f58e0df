import strawberry

from ecoctrl_gql.alerts.types import ALERTS
from ecoctrl_gql.events.fields import added, changed


@strawberry.type
class AlertSubscription:
    alert_added = added(ALERTS, "Alerts, as they are raised.")
    alert_changed = changed(ALERTS, "Alerts, as they are raised, handled and removed.")
