from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.alerts import service
from ecoctrl_gql.alerts.inputs import CreateAlertInput
from ecoctrl_gql.alerts.types import Alert
from ecoctrl_gql.api.access import OPERATORS
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.db.tables import AlertRow


@strawberry.type
class AlertMutation:
    @mutation(rule=OPERATORS, description="Raise an alert.", gives={"alert": (Alert, "The new alert.")})
    async def create_alert(self, info: Info[Any, Any], input: CreateAlertInput) -> AlertRow:
        return await service.create_alert(
            info.context.db, device=input.device, level=input.level, message=input.message
        )
