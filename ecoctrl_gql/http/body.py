"""Reads an operation out of a request, and refuses everything that is not one."""

from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.requests import ClientDisconnect, Request
from strawberry.http import GraphQLRequestData

from ecoctrl_gql.http.headers import header
from ecoctrl_gql.http.multipart import read_upload

MAX_OPERATION_NAME_LENGTH = 200

# As clients send it; other spellings are taken apart.
_JSON_TYPES: Final = frozenset(
    {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"}
)


async def read_request(request: Request) -> object:
    """
    The decoded body, or the query string of a GET.

    Raises:
        HTTPException: The request is not JSON, not an upload, or malformed.
    """
    if request.scope["method"] == "GET":
        return _query_parameters(request)
    content_type = (header(request, b"content-type") or "").lower()
    if content_type in _JSON_TYPES or _is_json(content_type):
        return decode(await _body(request))
    if content_type.startswith("multipart/form-data"):
        return await read_upload(request, decode)
    raise HTTPException(415, "Send the operation as application/json, or uploads as multipart/form-data.")


async def _body(request: Request) -> bytes:
    """As `Request.body`, which takes many more steps for what mostly comes in one piece."""
    message = await request.receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        pieces = [body]
        while message.get("more_body", False):
            message = await request.receive()
            pieces.append(message.get("body", b""))
        body = b"".join(pieces)
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return body


def decode(text: str | bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"The request is not valid JSON: {error.msg}.") from None


def operation_request(data: object) -> GraphQLRequestData:
    """
    The operation that decoded JSON holds.

    Raises:
        HTTPException: It is no object, or a member has the wrong type.
    """
    if not isinstance(data, dict):
        raise HTTPException(400, "The request must be a JSON object.")
    return GraphQLRequestData(
        query=_member(data, "query", str, "a string"),
        variables=_member(data, "variables", dict, "an object"),
        operation_name=_operation_name(data),
        extensions=_member(data, "extensions", dict, "an object"),
    )


def _operation_name(data: dict[str, Any]) -> str | None:
    name: str | None = _member(data, "operationName", str, "a string")
    if name is not None and len(name) > MAX_OPERATION_NAME_LENGTH:
        raise HTTPException(400, f"`operationName` must have at most {MAX_OPERATION_NAME_LENGTH} characters.")
    # Some clients send an empty name along with an anonymous operation.
    return name or None


def _member(data: dict[str, Any], name: str, type_: type, described: str) -> Any:
    value = data.get(name)
    if value is None or type(value) is type_:  # as JSON gives them, no others come
        return value
    raise HTTPException(400, f"`{name}` must be {described} or null.")


def _query_parameters(request: Request) -> dict[str, Any]:
    parameters: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if parameters.get(name):
            parameters[name] = decode(parameters[name])
    return {name: value for name, value in parameters.items() if value != ""}


def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip() for part in content_type.split(";"))
    charsets = [value.strip(' "') for name, _, value in map(_partition, parameters) if name == "charset"]
    return media_type == "application/json" and all(charset == "utf-8" for charset in charsets)


def _partition(parameter: str) -> tuple[str, str, str]:
    return parameter.partition("=")
