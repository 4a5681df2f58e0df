"""From an execution's result to its answer over HTTP."""

from typing import Any

from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from ecoctrl_gql.http.negotiation import JSON, response_type
from ecoctrl_gql.http.responses import GraphQLResponse, Preparation, status_of


def result_body(result: ExecutionResult) -> GraphQLHTTPResponse:
    """
    What the specification wants to be said of a result.

    ``data`` is left out where execution never began, which is when no error belongs to a field.
    """
    body: GraphQLHTTPResponse = {}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.data is not None or not result.errors or any(error.path is not None for error in result.errors):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def result_response(
    body: GraphQLHTTPResponse | list[GraphQLHTTPResponse], preparation: Preparation
) -> GraphQLResponse:
    """The answer, with what resolvers put into its ``Preparation``."""
    media_type = response_type(preparation.accept)
    status = preparation.status_code or _status(body, media_type)
    response = GraphQLResponse(body, status, media_type)
    response.raw_headers += preparation.raw_headers
    response.background = preparation.background
    return response


def _status(body: GraphQLHTTPResponse | list[GraphQLHTTPResponse], media_type: str) -> int:
    if isinstance(body, list) or "data" in body:
        return 200
    errors: Any = body["errors"]
    status = status_of(errors[0]["extensions"]["code"])
    # Clients of the older media type take every status but 200 for a failure of the network.
    return 200 if media_type == JSON and status < 500 else status
