"""Raises an alert, or resolves those of a device."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Flag, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import one_of

LEVELS = ("high", "medium", "low")


class AlertConfig(NodeConfig):
    """Which alert."""

    action: Annotated[
        Literal["raise", "resolve"] | None, Field(description="What is done; raise by default.")
    ] = None
    device: Annotated[str | None, Field(description="The device that it is about.")] = None
    level: Annotated[
        str | None, Field(description=f"raise: how urgent it is, {', '.join(LEVELS)}; medium by default.")
    ] = None
    message: Annotated[str | None, Field(description="raise: what happened, in words.")] = None
    unless_open: Annotated[
        Flag | None, Field(description="raise: not while an alert of the device with this message is open.")
    ] = None
    alert_id: Annotated[
        str | None, Field(description="resolve: one alert; all open ones of the device by default.")
    ] = None


def check_alert(config: AlertConfig) -> Iterable[Finding]:
    if config.action == "resolve":
        if not config.device and not config.alert_id:
            message = "Resolving needs the device whose alerts are meant, or alertId."
            yield Finding(("device",), Rule.REQUIRED, message)
        return
    if not config.device:
        yield Finding(("device",), Rule.REQUIRED, "An alert needs the device that it is about.")
    if not config.message:
        yield Finding(("message",), Rule.REQUIRED, "An alert needs a message.")
    yield from one_of("level", config.level, LEVELS)


ALERT = NodeKind(
    "alert",
    AlertConfig,
    "Raises an alert, or resolves those of a device.",
    outputs=(
        Output("alertId", "raise: the id of the alert, also of the one that was open already."),
        Output("raised", "raise: whether the alert is new."),
        Output("resolved", "resolve: how many were resolved."),
    ),
    effect=Effect.DATABASE,
    check=check_alert,
)
