from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.alerts import service
from ecoctrl_gql.alerts.inputs import (
    AssignAlertInput,
    CreateAlertInput,
    CreateAlertsInput,
    HandleAlertInput,
    HandleAlertsInput,
    NoteAlertInput,
)
from ecoctrl_gql.alerts.service import NewAlert
from ecoctrl_gql.alerts.steps import ACKNOWLEDGE, RESOLVE, Step, take_step
from ecoctrl_gql.alerts.types import Alert
from ecoctrl_gql.api.access import OPERATORS
from ecoctrl_gql.api.arguments import at, errors_at, key_of, keys_of_all
from ecoctrl_gql.api.mutations import Partly, mutation
from ecoctrl_gql.db.tables import AlertRow, UserRow
from ecoctrl_gql.errors import EcoctrlError


@strawberry.type
class AlertMutation:
    @mutation(rule=OPERATORS, description="Raise an alert.", gives={"alert": (Alert, "The new alert.")})
    async def create_alert(self, info: Info[Any, Any], input: CreateAlertInput) -> AlertRow:
        return await service.create_alert(info.context.db, _new(input))

    @mutation(
        rule=OPERATORS,
        description="Raise up to 1,000 alerts in one statement. Those that can't be used are told as user "
        "errors, each with its place in the list; all others are raised.",
        gives={"alerts": (list[Alert], "The new alerts, in the order of the input.")},
    )
    async def create_alerts(self, info: Info[Any, Any], input: CreateAlertsInput) -> Partly:
        created, errors = await service.create_alerts(info.context.db, [_new(each) for each in input.alerts])
        return Partly(created, errors)

    @mutation(
        rule=OPERATORS,
        description="Acknowledge a pending alert: the caller has seen it. Of several who do so at the same "
        "time one succeeds; the others get a CONFLICT that tells where the alert stands.",
        gives={"alert": (Alert, "The alert as it is now.")},
    )
    async def acknowledge_alert(self, info: Info[Any, Any], input: HandleAlertInput) -> AlertRow:
        return await _one(info, ACKNOWLEDGE, input)

    @mutation(
        rule=OPERATORS,
        description="Acknowledge up to 1,000 alerts in one statement. Those that are not pending or not "
        "there are told as user errors, each with its place in the list; all others are acknowledged.",
        gives={"alerts": (list[Alert], "Those that were acknowledged, in the order of the input.")},
    )
    async def acknowledge_alerts(self, info: Info[Any, Any], input: HandleAlertsInput) -> Partly:
        return await _many(info, ACKNOWLEDGE, input)

    @mutation(
        rule=OPERATORS,
        description="Resolve an alert that is pending or acknowledged: its cause is gone. If it is resolved "
        "already, the CONFLICT tells since when.",
        gives={"alert": (Alert, "The alert as it is now.")},
    )
    async def resolve_alert(self, info: Info[Any, Any], input: HandleAlertInput) -> AlertRow:
        return await _one(info, RESOLVE, input)

    @mutation(
        rule=OPERATORS,
        description="Resolve up to 1,000 alerts in one statement. Those that are resolved already or not "
        "there are told as user errors, each with its place in the list; all others are resolved.",
        gives={"alerts": (list[Alert], "Those that were resolved, in the order of the input.")},
    )
    async def resolve_alerts(self, info: Info[Any, Any], input: HandleAlertsInput) -> Partly:
        return await _many(info, RESOLVE, input)

    @mutation(
        rule=OPERATORS,
        description="Have a user take care of an alert. The user is notified, unless it is the caller.",
        gives={"alert": (Alert, "The alert as it is now.")},
    )
    async def assign_alert(self, info: Info[Any, Any], input: AssignAlertInput) -> AlertRow:
        assignee = input.assignee_id
        return await service.assign_alert(
            info.context.db,
            key_of(AlertRow, input.id, "id"),
            key_of(UserRow, assignee, "assignee_id") if assignee else None,
            by=info.context.signed_in().user_id,
        )

    @mutation(
        rule=OPERATORS,
        description="Write a note on an alert, in place of the one that is there.",
        gives={"alert": (Alert, "The alert as it is now.")},
    )
    async def note_alert(self, info: Info[Any, Any], input: NoteAlertInput) -> AlertRow:
        return await service.note_alert(info.context.db, key_of(AlertRow, input.id, "id"), input.note)


def _new(input: CreateAlertInput) -> NewAlert:
    return NewAlert(input.device, input.level, input.message)


async def _one(info: Info[Any, Any], step: Step, input: HandleAlertInput) -> AlertRow:
    key = key_of(AlertRow, input.id, "id")
    changed, errors = await _take(info, step, [key], input.note)
    if key in errors:
        raise at(errors[key], "id")
    return changed[0]


async def _many(info: Info[Any, Any], step: Step, input: HandleAlertsInput) -> Partly:
    keys = keys_of_all(AlertRow, input.ids)
    changed, errors = await _take(info, step, keys, input.note)
    return Partly(changed, errors_at(errors, keys))


async def _take(
    info: Info[Any, Any], step: Step, keys: list[str], note: str | None
) -> tuple[list[AlertRow], dict[str, EcoctrlError]]:
    return await take_step(info.context.db, step, keys, by=info.context.signed_in().user_id, note=note)
