"""The first account, which makes all others."""

from dataclasses import dataclass, replace

from ecoctrl_gql.auth.names import usable_email, usable_username
from ecoctrl_gql.auth.passwords import new_password, password_hash, require_usable
from ecoctrl_gql.db.bulk import Bulk, bulk_transaction
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import BadInputError, ConflictError, SetupError

LOCK = "first admin"


@dataclass(frozen=True, slots=True)
class Admin:
    """
    A `super_admin` that was made.

    Attributes:
        password: Its password; to be shown once when it was made here.
        made_password: Whether it was.
    """

    username: str
    password: str
    made_password: bool


def ensure_admin(conninfo: str, username: str, email: str, password: str | None = None) -> Admin | None:
    """
    Make the first `super_admin` when there are no users yet.

    Servers that start at the same time make one between them.

    Args:
        conninfo: The database.
        username: The name to log in with.
        email: Its mail address.
        password: Its password; a random one when None.

    Returns:
        The account that was made, None when there are users already.

    Raises:
        SetupError: The name, the address or the password is none that one could register with.
        UnavailableError: The database is away.
    """
    with bulk_transaction(conninfo, LOCK) as bulk:
        return _make(bulk, username, email, password) if bulk.is_empty(UserRow) else None


def has_users(conninfo: str) -> bool:
    """
    Whether anybody has an account yet.

    Raises:
        UnavailableError: The database is away.
    """
    with bulk_transaction(conninfo, LOCK) as bulk:
        return not bulk.is_empty(UserRow)


def create_admin(conninfo: str, username: str, email: str, password: str | None = None) -> Admin:
    """
    Make a `super_admin`, whether or not there are users.

    Raises:
        ConflictError: The user name or the address is taken.
        SetupError, UnavailableError: As for `ensure_admin`.
    """
    with bulk_transaction(conninfo, LOCK) as bulk:
        admin = _make(bulk, username, email, password)
    if admin is None:
        raise ConflictError(f"The user name {username} or the address {email} is taken.")
    return admin


def _make(bulk: Bulk, username: str, email: str, password: str | None) -> Admin | None:
    admin = Admin(username, password or new_password(), made_password=not password)
    try:
        email = usable_email(email)
        admin = replace(admin, username=usable_username(username, email))
        require_usable(admin.password)
    except BadInputError as error:
        raise SetupError(f"The administrator {username} can't be made. {error.message}") from None
    row = {
        "username": admin.username,
        "email": email,
        "password": password_hash(admin.password),
        "role": Role.SUPER_ADMIN,
    }
    return admin if bulk.insert_missing(UserRow, [row], same=["username"]) else None
