"""Logging in: a user's name or address and password, checked against the users table."""

import hashlib
import hmac
from math import ceil

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AuthProvider
from starlette_admin.cookies import SignedCookie
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import index_url, safe_redirect_url
from typing_extensions import override

from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.login import checked_account
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import UserStatus
from ecoctrl_gql.db.repositories.users import Account
from ecoctrl_gql.db.studio_rows import find_account
from ecoctrl_gql.errors import InvalidCredentialsError, RateLimitedError
from ecoctrl_gql.studio.access import ADMITTED, StudioUser

COOKIE = "ecoctrl_studio"
SESSION_S = 8 * 3600


class StudioLogin(AuthProvider):
    """
    Sessions in a signed cookie that names the user and nothing else.

    What the user may do is read from the database at every request. A change of the password ends the
    sessions that were opened with the old one. Attempts are counted along with those of the API.
    """

    def __init__(self, secret_key: str, db: Database) -> None:
        super().__init__()
        self._db = db
        self._key = secret_key.encode()
        self._cookie = SignedCookie(secret_key, "session", timed=True, max_age=SESSION_S)

    @override
    async def authenticate(self, request: Request) -> StudioUser | None:
        session = self._cookie.loads(request.cookies.get(COOKIE, ""))
        if not isinstance(session, dict) or "/static/" in request.url.path:  # assets are public
            return None
        account = await find_account(request.state.session, str(session.get("user")))
        if account is None or not _admitted(account):
            return None
        if not hmac.compare_digest(self._fingerprint(account), str(session.get("password"))):
            return None
        return StudioUser(username=account.username, id=account.id, role=account.role)

    @override
    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response:
        account = await self._checked(request, username, password)
        if account.status is UserStatus.DISABLED:
            raise LoginFailed("This account is disabled.")
        if account.role not in ADMITTED:
            raise LoginFailed("The studio is for administrators; this account is none.")
        return self._opened(request, account)

    @override
    async def logout(self, request: Request) -> Response:
        response = RedirectResponse(index_url(request), status_code=303)
        response.delete_cookie(COOKIE, path=_path(request))
        return response

    async def _checked(self, request: Request, name: str, password: str) -> Account:
        """The account, once its password is known to be right."""
        origin = Origin(request.client.host if request.client else "")
        try:
            return await checked_account(self._db, name, password, origin)
        except RateLimitedError as error:
            minutes = ceil(error.retry_after_s / 60)
            wait = f"{minutes} minute{'s' if minutes > 1 else ''}"
            raise HTTPException(429, f"Too many attempts. Try again in {wait}.") from None
        except InvalidCredentialsError as error:
            raise LoginFailed(error.message) from None

    def _opened(self, request: Request, account: Account) -> Response:
        home = index_url(request)
        target = safe_redirect_url(request.query_params.get("next") or home, request, home)
        response = RedirectResponse(target, status_code=303)
        response.set_cookie(
            COOKIE,
            self._cookie.dumps({"user": account.id, "password": self._fingerprint(account)}),
            max_age=SESSION_S,
            path=_path(request),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    def _fingerprint(self, account: Account) -> str:
        return hmac.new(self._key, (account.password or "").encode(), hashlib.sha256).hexdigest()[:32]


def _admitted(account: Account) -> bool:
    return account.status is not UserStatus.DISABLED and account.role in ADMITTED


def _path(request: Request) -> str:
    return str(request.scope.get("root_path") or "/")
