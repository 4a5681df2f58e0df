"""Another password: by a code that was mailed, or by the present one. It ends the other sessions."""

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.codes import check_code, new_code, spend_code
from ecoctrl_gql.auth.letters import password_changed, reset_code
from ecoctrl_gql.auth.login import prove_password
from ecoctrl_gql.auth.names import usable_email
from ecoctrl_gql.auth.passwords import hash_password, require_usable
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import CodePurpose
from ecoctrl_gql.errors import ForbiddenError, InvalidCredentialsError

CLOSED = "This platform does not allow to reset passwords; ask an administrator for a new one."


async def send_reset_code(db: Database, auth: Auth, email: str, origin: Origin) -> None:
    """
    Send a code to an address that has an account; to others nothing is sent, which nobody can tell.

    Raises:
        ForbiddenError: Resetting is not allowed.
        BadInputError: It is no address.
        RateLimitedError: There were too many codes.
    """
    await _require_open(db)
    email = usable_email(email, "input", "email")
    code = await new_code(db, auth.keys, CodePurpose.RESET, email, origin)
    if await db.repositories().users.has_email(email):
        auth.mailer.send_soon(reset_code(email, code))


async def reset_password(
    db: Database, auth: Auth, *, email: str, code: str, password: str, origin: Origin
) -> None:
    """
    Set a new password by a code; ends all sessions.

    Raises:
        ForbiddenError: Resetting is not allowed.
        BadInputError: The password can't be used.
        InvalidCredentialsError: The code is wrong; also where nobody has the address.
        RateLimitedError: There were too many tries.
    """
    await _require_open(db)
    email = usable_email(email, "input", "email")
    require_usable(password, field=("input", "new_password"))
    code_id = await check_code(db, auth.keys, CodePurpose.RESET, email, code, origin)
    hashed = await hash_password(password)
    async with db.transaction() as repos:
        await spend_code(repos, code_id)
        account = await repos.users.by_login(email)
        if account is None:
            raise InvalidCredentialsError("There is no such account any more.")
        await repos.users.update(account.id, password=hashed)
        ended = await repos.refresh_tokens.end_others(account.id)
        await repos.users.note_leaving(account.id)
        await audit.record(repos, None, origin, "password.reset", f"user_{account.id}")
    auth.callers.forget(*ended)
    auth.mailer.send_soon(password_changed(email))


async def change_password(
    db: Database, auth: Auth, caller: Caller, *, current: str | None, password: str, origin: Origin
) -> None:
    """
    Set one's own new password; ends the other sessions. Who has none yet needs none to set the first.

    Raises:
        BadInputError: The password can't be used.
        InvalidCredentialsError, RateLimitedError: The current password is another, too often.
    """
    require_usable(password, field=("input", "new_password"))
    columns = frozenset({"password", "email"})
    user = await db.repositories().users.get(caller.user_id, columns)
    if user.password is not None:
        await prove_password(db, caller.user_id, user.password, current or "", origin)
    hashed = await hash_password(password)
    async with db.transaction() as repos:
        await repos.users.update(caller.user_id, password=hashed)
        ended = await repos.refresh_tokens.end_others(caller.user_id, caller.session_id)
        await audit.record(repos, caller, origin, "password.changed", f"user_{caller.user_id}")
    auth.callers.forget(*ended)
    auth.mailer.send_soon(password_changed(user.email))


async def _require_open(db: Database) -> None:
    config = await db.repositories().platform_configs.only(frozenset({"allow_password_reset"}))
    if config is None or not config.allow_password_reset:
        raise ForbiddenError(CLOSED)
