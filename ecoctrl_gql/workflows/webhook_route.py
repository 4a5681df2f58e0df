"""The address that webhooks are called at."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.http.responses import GraphQLResponse
from ecoctrl_gql.workflows.triggers.calls import call_of
from ecoctrl_gql.workflows.triggers.webhooks import MAX_BODY_BYTES, Webhooks

PATH = "/api/webhook/{slug}"


def webhook_route(db: Database, keys: Keys) -> Route:
    """
    The route that starts workflows by their slug.

    It answers 202 with the run's id, or 200 where an earlier call with the same ``Idempotency-Key`` started
    it, or where the workflow lets no other run begin now; then the id is null.
    """
    webhooks = Webhooks(db, keys)

    async def called(request: Request) -> Response:
        client = request.client.host if request.client else None
        await webhooks.admit(client)
        body = await _body(request)
        accepted = await webhooks.take(call_of(request.path_params["slug"], request.headers, body, client))
        new = accepted.execution_id is not None and not accepted.repeated
        return GraphQLResponse({"executionId": accepted.execution_id}, 202 if new else 200)

    return Route(PATH, called, methods=["POST"])


async def _body(request: Request) -> bytes:
    """
    The bytes of the body.

    Raises:
        HTTPException: There are too many.
    """
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY_BYTES:
            raise HTTPException(413, f"The body may have at most {MAX_BODY_BYTES:,} bytes.")
    return bytes(received)
