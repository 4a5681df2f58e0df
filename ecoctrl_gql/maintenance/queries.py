from datetime import timedelta
from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.listing import Narrowing
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.checks import number
from ecoctrl_gql.db.conditions import EVERYTHING, All, Compare, Condition, Operator
from ecoctrl_gql.maintenance.service import NOT_COMPLETED
from ecoctrl_gql.maintenance.types import MAINTENANCE_REMINDERS, MaintenanceReminder
from ecoctrl_gql.platform.clock import site_today

MOST_DAYS = 3650


async def _due_within(info: Info[Any, Any], days: int | None) -> Condition:
    if days is None:
        return EVERYTHING
    number(days, 0, MOST_DAYS, "due_within_days")
    today = await site_today(info.context.repos)
    soon = Compare("due_date", Operator.LTE, today + timedelta(days=days))
    return All((NOT_COMPLETED, Compare("due_date", Operator.GTE, today), soon))


DUE_WITHIN = Narrowing(
    _due_within,
    (
        "dueWithinDays",
        int,
        "Only what is due from today at the site until this many days later, 0–3,650, and is not completed.",
    ),
)


@strawberry.type
class MaintenanceQuery:
    maintenance_reminder = by_id(MaintenanceReminder, "One maintenance task.")
    maintenance_reminders = MAINTENANCE_REMINDERS.field(
        "Maintenance tasks, the one due first first.", narrowing=DUE_WITHIN
    )
