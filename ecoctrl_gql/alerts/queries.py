import strawberry

from ecoctrl_gql.alerts.types import ALERTS, Alert
from ecoctrl_gql.api.roots import by_id


@strawberry.type
class AlertQuery:
    alert = by_id(Alert, "One alert.")
    alerts = ALERTS.field("Alerts, newest first.")
