"""Binding external accounts to users, old and new, and unbinding them."""

from starlette.requests import HTTPConnection

from ecoctrl_gql.auth import audit, limits
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.codes import check_code, spend_code
from ecoctrl_gql.auth.login import checked_account
from ecoctrl_gql.auth.names import taken_names, usable_email, usable_username
from ecoctrl_gql.auth.oauth.flow import TRIED_BY_CLIENT, OAuth
from ecoctrl_gql.auth.passwords import hash_password, require_usable
from ecoctrl_gql.auth.registration import require_open
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import CodePurpose, OAuthProvider, Role
from ecoctrl_gql.errors import ConflictError, NotFoundError


def oauth_for(db: Database, auth: Auth, request: HTTPConnection | None) -> OAuth:
    """
    The logins with external accounts, as this server is reached.

    Raises:
        NotFoundError: In production, PUBLIC_URL is not set: what a request calls this server is not to be
            trusted.
    """
    settings = auth.settings
    base = settings.public_url
    if base is None and request is not None and not settings.production:
        base = f"{request.url.scheme.replace('ws', 'http')}://{request.url.netloc}"
    if base is None:
        raise NotFoundError("External accounts need PUBLIC_URL to be set.")
    base = base.rstrip("/")
    return OAuth(db, auth, base, [base, *settings.cors_origin, *settings.oauth_return_to])


async def bind(
    db: Database, oauth: OAuth, origin: Origin, *, token: str, login: str, password: str
) -> SignIn:
    """
    Link the account behind a token to whoever knows the password, and log in.

    Raises:
        InvalidCredentialsError: Name, password or token is wrong; a wrong password leaves the token good.
        RateLimitedError, ConflictError, ForbiddenError: As for a login and for linking.
    """
    async with limits.counted(db, TRIED_BY_CLIENT, origin.address):
        account = await checked_account(db, login, password, origin)
        async with db.transaction() as repos:
            identity = await oauth.claim(repos, token)
            return await oauth.bind(repos, identity, account.id, origin)


async def register_and_bind(
    db: Database,
    oauth: OAuth,
    auth: Auth,
    origin: Origin,
    *,
    token: str,
    username: str,
    email: str,
    code: str,
    password: str | None,
) -> SignIn:
    """
    Make an account whose address is proved by a code, link the external one to it, and log in.

    Raises:
        ForbiddenError: Registration is closed.
        BadInputError, InvalidCredentialsError, ConflictError, RateLimitedError: As for a registration.
    """
    await require_open(db)
    email = usable_email(email, "input", "email")
    username = usable_username(username, email, "input", "username")
    if password is not None:
        require_usable(password, field=("input", "password"))
    code_id = await check_code(db, auth.keys, CodePurpose.REGISTER, email, code, origin)
    hashed = None if password is None else await hash_password(password)
    async with limits.counted(db, TRIED_BY_CLIENT, origin.address), db.transaction() as repos:
        identity = await oauth.claim(repos, token)
        await spend_code(repos, code_id)
        with taken_names():
            user = await repos.users.create(
                username=username,
                email=email,
                password=hashed,
                role=Role.VIEWER.value,
                avatar_url=identity.avatar_url,
            )
        await audit.record(repos, None, origin, "user.registered", f"user_{user.id}", username=username)
        return await oauth.bind(repos, identity, user.id, origin)


async def unlink(db: Database, caller: Caller, origin: Origin, provider: OAuthProvider) -> None:
    """
    Unlink the caller's account of a provider.

    Raises:
        NotFoundError: None is linked.
        ConflictError: It is the last way in.
    """
    async with db.transaction() as repos:
        await repos.lock(f"accounts of {caller.user_id}")
        linked = await repos.oauth_accounts.list_by("user_id").load(caller.user_id)
        account = next((each for each in linked if each.provider == provider.value), None)
        if account is None:
            raise NotFoundError("You have linked no account of this provider.", field=("input", "provider"))
        user = await repos.users.get(caller.user_id, frozenset({"password"}))
        if user.password is None and len(linked) == 1:
            raise ConflictError("This is your only way to log in; set a password first.", field=("input",))
        await repos.oauth_accounts.delete(account.id)
        await audit.record(
            repos, caller, origin, "oauth.unlinked", f"user_{caller.user_id}", provider=provider.value
        )
