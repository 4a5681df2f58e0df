"""Where providers send browsers back to."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ecoctrl_gql.accounts.oauth_service import oauth_for
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.oauth.cookie import NAME, SECURE_NAME, browser_cookie
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.errors import EcoctrlError

PATH = "/api/auth/oauth/{provider}/callback"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def oauth_callback(db: Database, auth: Auth) -> Route:
    """
    The route that ends a login with an external account.

    What the browser takes along stands in the fragment of the address, which is sent to no server and stands
    in no log: a one-time code, or the code of an error.
    """

    async def callback(request: Request) -> Response:
        query = request.query_params
        origin = Origin(request.client.host if request.client else "", request.headers.get("user-agent", ""))
        try:
            provider = OAuthProvider(request.path_params["provider"])
            returned = await oauth_for(db, auth, request).come_back(
                provider, query.get("state", ""), query.get("code"), browser_cookie(request), origin
            )
        except ValueError:
            return PlainTextResponse("There is no such provider.", 404, HEADERS)
        except EcoctrlError as error:
            return PlainTextResponse(error.message, 400, HEADERS)
        target = returned.return_to.partition("#")[0]
        response = RedirectResponse(f"{target}#{urlencode(returned.told)}", 303, HEADERS)
        for name in (NAME, SECURE_NAME):
            response.delete_cookie(name, path="/", secure=name == SECURE_NAME)
        return response

    return Route(PATH, callback, methods=["GET"])
