"""Logging in: a user's name or address and password, checked against the users table."""

import hashlib
import hmac

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AuthProvider
from starlette_admin.cookies import SignedCookie
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import index_url, safe_redirect_url
from typing_extensions import override

from ecoctrl_gql.auth.passwords import check_password
from ecoctrl_gql.db.enums import UserStatus
from ecoctrl_gql.db.studio_rows import Account, find_account, find_login
from ecoctrl_gql.studio.access import ADMITTED, StudioUser
from ecoctrl_gql.studio.attempts import LoginAttempts

COOKIE = "ecoctrl_studio"
SESSION_S = 8 * 3600
LOGIN_MAX_CHARACTERS = 255


class StudioLogin(AuthProvider):
    """
    Sessions in a signed cookie that names the user and nothing else.

    What the user may do is read from the database at every request. A change of the password ends the
    sessions that were opened with the old one.
    """

    def __init__(self, secret_key: str) -> None:
        super().__init__()
        self._key = secret_key.encode()
        self._cookie = SignedCookie(secret_key, "session", timed=True, max_age=SESSION_S)
        self._attempts = LoginAttempts()

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
        name = username.strip()[:LOGIN_MAX_CHARACTERS]
        account = await self._checked(request, name, password)
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
        """The account, once its password is known to be right; takes as long for one that does not exist."""
        client = request.client.host if request.client else ""
        wait_s = self._attempts.begin(name, client)
        if wait_s is not None:
            raise HTTPException(429, f"Too many attempts. Try again in {round(wait_s / 60) + 1} minutes.")
        account = await find_login(request.state.session, name) if "\0" not in name else None
        stored = account.password if account is not None else None
        right = await check_password(password, stored)
        if account is None or not right:
            raise LoginFailed("The name or the password is wrong.")
        self._attempts.succeeded(name, client)
        return account

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
