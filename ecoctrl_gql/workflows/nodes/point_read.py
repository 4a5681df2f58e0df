"""Reads points of the gateway."""

from typing import Any, Final

from ecoctrl_gql.iot.gateway import GatewayError, point_values
from ecoctrl_gql.workflows.dsl.kinds.point_read import MAX_RETRIES, POINT_READ, PointReadConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview, retries_up_to
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

MOST_POINTS: Final = 1000


async def run(call: NodeCall[PointReadConfig]) -> dict[str, Any]:
    config, codes = call.config, _codes(call.config)
    try:
        if config.mode == "history":
            begin, end = str(config.begin_time or ""), str(config.end_time or "")
            return await call.tools.gateway.history(codes, begin, end, config.interval)
        answer = await call.tools.gateway.values(codes)
    except GatewayError as error:
        raise NodeFailure(error.message) from None
    return {**answer, "values": point_values(answer)}


async def preview(call: NodeCall[PointReadConfig]) -> Preview:
    """The gateway is not asked; what the points would be at is unknown."""
    codes = _codes(call.config)
    points = [{"pointId": code, "value": None} for code in codes]
    return Preview({"code": 200, "ResultPointObjArr": points, "values": dict.fromkeys(codes)})


def _codes(config: PointReadConfig) -> list[str]:
    codes = [name for name in (config.point_names or config.point_name or []) if name]
    if not codes:
        raise NodeFailure("No points are named.")
    if len(codes) > MOST_POINTS:
        raise NodeFailure(f"{len(codes):,} points are named; {MOST_POINTS:,} are the most.")
    return codes


ACTION = Action(POINT_READ, run, preview, retries=retries_up_to(MAX_RETRIES), retry_delay_ms=500)
