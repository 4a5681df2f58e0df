"""Writes a point of the gateway."""

from typing import Any

from ecoctrl_gql.iot.gateway import GatewayError
from ecoctrl_gql.workflows.dsl.kinds.point_write import MAX_RETRIES, POINT_WRITE, PointWriteConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview, retries_up_to
from ecoctrl_gql.workflows.nodes.failures import NodeFailure


async def run(call: NodeCall[PointWriteConfig]) -> dict[str, Any]:
    config = call.config
    try:
        await call.tools.gateway.write(config.point_name, config.value, force=bool(config.force))
    except GatewayError as error:
        raise NodeFailure(error.message) from None
    return {"updated": True}


async def preview(call: NodeCall[PointWriteConfig]) -> Preview:
    config = call.config
    effect = {"pointName": config.point_name, "value": config.value, "force": bool(config.force)}
    return Preview({"updated": True}, effect)


ACTION = Action(POINT_WRITE, run, preview, retries=retries_up_to(MAX_RETRIES), retry_delay_ms=500)
