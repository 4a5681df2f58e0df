"""What a person's rank lets them change; the studio's guests are administrators, but not all are equal."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette_admin.auth import AdminUser

from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.db.studio_rows import role_of
from ecoctrl_gql.db.studio_tables import TableFacts
from ecoctrl_gql.errors import ForbiddenError

ADMITTED = frozenset({Role.ADMIN, Role.SUPER_ADMIN})
SUPER_ADMIN_TABLES = frozenset({"platform_configs"})

RANK = "Only a super admin may do this to somebody of that rank."
OWN_ACCESS = "You can't take your own access away; another super admin can."


@dataclass(kw_only=True)
class StudioUser(AdminUser):
    """Who is logged in, as the database has them at this request."""

    id: str
    role: Role


def actor(request: Request) -> StudioUser:
    user: StudioUser = request.state.admin_user
    return user


def may_open(request: Request, table: TableFacts) -> bool:
    return table.name not in SUPER_ADMIN_TABLES or actor(request).role is Role.SUPER_ADMIN


def outranks(role: Role, other: Role) -> bool:
    """Whether one role may manage users of another."""
    return role is Role.SUPER_ADMIN or role.rank > other.rank


async def require_may_change(request: Request, table: TableFacts, row: Any) -> None:
    """
    Check a stored row before it is changed or deleted.

    Raises:
        ForbiddenError: It is a user of the same or a higher rank, or such a user's own.
    """
    if table.name == "users" and not outranks(actor(request).role, row.role):
        raise ForbiddenError(RANK)
    if table.owner is not None:
        await _require_may_act_for(request, getattr(row, table.owner))


async def require_may_store(request: Request, table: TableFacts, row: Any, changed: Collection[str]) -> None:
    """
    Check a row as it is about to be stored.

    Raises:
        ForbiddenError: A role would be given that is not below the giver's, a row would be put under the
            name of somebody of such a rank, or the giver would shut themselves out.
    """
    if table.name == "users":
        _require_may_give(actor(request), row)
    for name in table.user_columns:
        if name in changed and getattr(row, name) is not None:
            await _require_may_act_for(request, getattr(row, name))


def require_not_oneself(request: Request, table: TableFacts, row: Any) -> None:
    """
    Check a row before it is deleted.

    Raises:
        ForbiddenError: It is the account of who asks.
    """
    if table.name == "users" and row.id == actor(request).id:
        raise ForbiddenError(OWN_ACCESS)


def _require_may_give(giver: StudioUser, row: Any) -> None:
    role = next((role for role in Role if role == row.role), Role.VIEWER)  # left empty, it is the default
    if not outranks(giver.role, role):
        raise ForbiddenError("Only a super admin may give this role.")
    if row.id == giver.id and (role not in ADMITTED or row.status == UserStatus.DISABLED):
        raise ForbiddenError(OWN_ACCESS)


async def _require_may_act_for(request: Request, user_id: str) -> None:
    giver = actor(request)
    if user_id == giver.id or giver.role is Role.SUPER_ADMIN:
        return
    role = await role_of(request.state.session, user_id)
    if role is not None and not outranks(giver.role, role):
        raise ForbiddenError(RANK)
