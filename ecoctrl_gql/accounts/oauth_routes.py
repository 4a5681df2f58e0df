"""Where browsers are sent to providers from, and where providers send them back to."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ecoctrl_gql.accounts.oauth_service import oauth_for
from ecoctrl_gql.auth.oauth.cookie import browser_cookie, set_browser_cookie
from ecoctrl_gql.auth.oauth.flow import CALLBACK, START, OAuth
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.errors import EcoctrlError

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

Answer = Callable[[Request, OAuth, OAuthProvider], Awaitable[Response]]


def oauth_routes(db: Database, auth: Auth) -> list[Route]:
    """The routes that a browser itself goes through in a login with an external account."""

    def route(path: str, answer: Answer) -> Route:
        async def answered(request: Request) -> Response:
            try:
                provider = OAuthProvider(request.path_params["provider"])
                return await answer(request, oauth_for(db, auth, request), provider)
            except ValueError:
                return PlainTextResponse("There is no such provider.", 404, HEADERS)
            except EcoctrlError as error:
                return PlainTextResponse(error.message, 400, HEADERS)

        return Route(path, answered, methods=["GET"])

    return [route(START, _start), route(CALLBACK, _callback)]


async def _start(request: Request, oauth: OAuth, provider: OAuthProvider) -> Response:
    """
    Sends the browser to the provider, and has it keep the cookie by which it is known when it comes back.

    The cookie is set here, where the browser shows this server, rather than by the page that begins: many
    browsers keep no cookie that a page of another site has a server set.
    """
    state, cookie = request.query_params.get("state", ""), browser_cookie(request, oauth.base)
    started = await oauth.start(provider, state, cookie)
    response = RedirectResponse(started.authorize_url, 303, HEADERS)
    set_browser_cookie(response, oauth.base, started.cookie)
    return response


async def _callback(request: Request, oauth: OAuth, provider: OAuthProvider) -> Response:
    """
    Sends the browser back to the page that it ends at.

    What it takes along stands in the fragment of the address, which is sent to no server and stands in no
    log: a one-time code, or the code of an error.
    """
    query = request.query_params
    returned = await oauth.come_back(
        provider, query.get("state", ""), query.get("code"), browser_cookie(request, oauth.base)
    )
    page = returned.return_to.partition("#")[0]
    return RedirectResponse(f"{page}#{urlencode(returned.told)}", 303, HEADERS)
