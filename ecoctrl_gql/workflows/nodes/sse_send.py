"""Tells something to the programs that listen, such as open dashboards."""

from typing import Any, Final
from uuid import UUID

import orjson

from ecoctrl_gql.workflows.dsl.kinds.sse_send import SSE_SEND, SseSendConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

DEFAULT_TYPE: Final = "update:widgets"
MAX_TYPE: Final = 255
MAX_PAYLOAD_BYTES: Final = 65_536


async def run(call: NodeCall[SseSendConfig]) -> dict[str, Any]:
    message = _message(call)
    await call.transaction.messages.create(
        user_id=message["targetUserId"],
        type=message["type"],
        event_id=message["eventId"],
        payload=message["payload"],
    )
    return {"sent": True, **message}


async def preview(call: NodeCall[SseSendConfig]) -> Preview:
    message = _message(call)
    return Preview({"sent": True, **message}, message)


def _message(call: NodeCall[SseSendConfig]) -> dict[str, Any]:
    config = call.config
    kind = config.event_type or DEFAULT_TYPE
    if len(kind) > MAX_TYPE:
        raise NodeFailure(f"The eventType has {len(kind)} characters; {MAX_TYPE} are the most.")
    payload = _payload(config.payload)
    try:
        size = len(orjson.dumps(payload))
    except TypeError:
        raise NodeFailure("The payload holds half a character, or a number that is no JSON.") from None
    if size > MAX_PAYLOAD_BYTES:
        raise NodeFailure(f"The payload has more than {MAX_PAYLOAD_BYTES:,} bytes.")
    event_id = config.event_id if config.event_id not in (None, "") else int(call.now.timestamp() * 1000)
    return {
        "type": kind,
        "target": config.target_mode or "broadcast",
        "targetUserId": _user(call),
        "eventId": str(event_id)[:255],
        "payload": payload,
    }


def _payload(payload: Any) -> Any:
    """A value as it is; text that is JSON as what it says."""
    if not isinstance(payload, str):
        return payload
    try:
        return orjson.loads(payload)
    except ValueError:
        return payload


def _user(call: NodeCall[SseSendConfig]) -> str | None:
    match call.config.target_mode:
        case "user":
            text = (call.config.target_user_id or "").removeprefix("user_")
            try:
                return str(UUID(text))
            except ValueError:
                raise NodeFailure(f"{text[:60]} is no id of a user.") from None
        case "trigger":
            if call.user_id is None:
                raise NodeFailure("Nobody started this run, so there is nobody to tell.")
            return call.user_id
    return None


ACTION = Action(SSE_SEND, run, preview)
