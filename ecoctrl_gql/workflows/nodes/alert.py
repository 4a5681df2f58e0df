"""Raises an alert, or resolves those of a device."""

from collections.abc import Mapping
from typing import Any, Final

from ecoctrl_gql.api.node import parse_id
from ecoctrl_gql.checks import text
from ecoctrl_gql.db.conditions import All, Compare, Operator
from ecoctrl_gql.db.enums import AlertLevel, AlertStatus
from ecoctrl_gql.db.keyset import Order, Window
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.batches import NOW
from ecoctrl_gql.db.tables import AlertRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.kinds.alert import ALERT, LEVELS, AlertConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

RESOLVED_AT_ONCE: Final = 1000
MAX_DEVICE, MAX_MESSAGE = 255, 10_000


async def run(call: NodeCall[AlertConfig]) -> dict[str, Any]:
    repos = call.transaction
    if call.config.action == "resolve":
        open_ones = [alert.id for alert in await _meant(repos, call.config)]
        resolved = await repos.alerts.update_many(
            open_ones, status=AlertStatus.RESOLVED.value, resolved_at=NOW, resolved_by=call.user_id
        )
        return {"resolved": len(resolved)}
    alert = _new(call.config)
    if call.config.unless_open:
        await repos.lock(f"alerts of {alert['device']}")
        known = await _same(repos, alert)
        if known:
            return {"alertId": known[0].id, "raised": False}
    created = await repos.alerts.create(**alert)
    return {"alertId": created.id, "raised": True}


async def preview(call: NodeCall[AlertConfig]) -> Preview:
    repos, config = call.db.repositories(), call.config
    if config.action == "resolve":
        count = len(await _meant(repos, config))
        effect = {"action": "resolve", "device": config.device, "alertId": config.alert_id, "count": count}
        return Preview({"resolved": count}, effect if count else None)
    alert = _new(config)
    known = await _same(repos, alert) if config.unless_open else []
    if known:
        return Preview({"alertId": known[0].id, "raised": False})
    effect = {"action": "raise", **alert}
    return Preview({"alertId": call.key, "raised": True}, effect)


def _new(config: AlertConfig) -> dict[str, str]:
    """The columns of a new alert; what is empty or too long is told before anything is done."""
    level = (config.level or AlertLevel.MEDIUM.value).lower()
    if level not in LEVELS:
        raise NodeFailure(f"There is no level {level[:20]}; one of {', '.join(LEVELS)}.")
    return {
        "device": text(config.device or "", MAX_DEVICE, "device"),
        "level": level,
        "message": text(config.message or "", MAX_MESSAGE, "message"),
    }


async def _same(repos: Repositories, alert: Mapping[str, str]) -> list[AlertRow]:
    """Those of the device with the same message."""
    return await _open_ones(
        repos,
        Compare("device", Operator.EQ, alert["device"]),
        Compare("message", Operator.EQ, alert["message"]),
    )


async def _meant(repos: Repositories, config: AlertConfig) -> list[AlertRow]:
    """Those that are to be resolved."""
    if config.alert_id:
        return await _open_ones(repos, Compare("id", Operator.EQ, _key(config.alert_id)))
    device = (config.device or "").strip()
    if not device:
        raise NodeFailure("Resolving needs the device whose alerts are meant, or alertId.")
    return await _open_ones(repos, Compare("device", Operator.EQ, device))


async def _open_ones(repos: Repositories, *wanted: Compare) -> list[AlertRow]:
    """Those that are not resolved, the oldest first."""
    unresolved = Compare("status", Operator.NE, AlertStatus.RESOLVED.value)
    window = Window(Order("time"), limit=RESOLVED_AT_ONCE)
    return (await repos.alerts.page(window, All((unresolved, *wanted)), frozenset({"id"}))).records


def _key(alert_id: str) -> str:
    """The table's key of an alert that is named by it or by its global id."""
    for each in (alert_id, f"alert_{alert_id}"):
        try:
            return str(parse_id(AlertRow, each))
        except BadInputError:
            continue
    raise NodeFailure(f"{alert_id[:80]} is no id of an alert.")


ACTION = Action(ALERT, run, preview)
