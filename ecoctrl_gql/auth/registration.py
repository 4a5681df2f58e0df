"""Making an account by oneself, once the address is proved by a code."""

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.codes import check_code, new_code, spend_code
from ecoctrl_gql.auth.letters import account_exists, registration_code
from ecoctrl_gql.auth.names import taken_names, usable_email, usable_username
from ecoctrl_gql.auth.passwords import hash_password, require_usable
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import CodePurpose, Role
from ecoctrl_gql.errors import ForbiddenError

CLOSED = "This platform does not allow registration; ask an administrator for an account."


async def require_open(db: Database) -> None:
    """
    Make sure that anybody may register.

    Raises:
        ForbiddenError: The platform's configuration does not allow it.
    """
    config = await db.repositories().platform_configs.only(frozenset({"allow_registration"}))
    if config is None or not config.allow_registration:
        raise ForbiddenError(CLOSED)


async def send_registration_code(db: Database, auth: Auth, email: str, origin: Origin) -> None:
    """
    Send a code to an address; to one that has an account, a letter that says so.

    Both take the same steps and the same time: nobody learns by it who has an account.

    Raises:
        ForbiddenError: Registration is closed.
        BadInputError: It is no address.
        RateLimitedError: There were too many codes.
    """
    await require_open(db)
    email = usable_email(email, "input", "email")
    code = await new_code(db, auth.keys, CodePurpose.REGISTER, email, origin)
    known = await db.repositories().users.has_email(email)
    auth.mailer.send_soon(account_exists(email) if known else registration_code(email, code))


async def register(
    db: Database, auth: Auth, *, username: str, email: str, password: str, code: str, origin: Origin
) -> SignIn:
    """
    Make an account of the lowest role and log in.

    Raises:
        ForbiddenError: Registration is closed.
        BadInputError: A value can't be used.
        InvalidCredentialsError: The code is wrong; also where the address has an account already.
        ConflictError: The user name is taken.
        RateLimitedError: There were too many tries.
    """
    await require_open(db)
    email = usable_email(email, "input", "email")
    username = usable_username(username, email, "input", "username")
    require_usable(password, field=("input", "password"))
    code_id = await check_code(db, auth.keys, CodePurpose.REGISTER, email, code, origin)
    hashed = await hash_password(password)
    async with db.transaction() as repos:
        await spend_code(repos, code_id)  # comes back with the transaction where the name is taken
        with taken_names():
            user = await repos.users.create(
                username=username, email=email, password=hashed, role=Role.VIEWER.value
            )
        await audit.record(repos, None, origin, "user.registered", f"user_{user.id}", username=username)
        return await auth.sessions.begin(repos, user.id, origin)
