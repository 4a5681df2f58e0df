"""The first account, which makes all others."""

from dataclasses import dataclass

from ecoctrl_gql.db.bulk import Bulk, bulk_transaction
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import ConflictError
from ecoctrl_gql.seed.passwords import new_password, password_hash

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
        SetupError: The password can't be used.
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
    row = {
        "username": username,
        "email": email,
        "password": password_hash(admin.password),
        "role": Role.SUPER_ADMIN,
    }
    return admin if bulk.insert_missing(UserRow, [row], same=["username"]) else None
