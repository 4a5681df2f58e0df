"""Leaves a notification for users."""

from typing import Any, Final
from uuid import UUID

from ecoctrl_gql.db.conditions import All, Compare, Operator
from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.db.keyset import Order, Window
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.notifications.service import notify
from ecoctrl_gql.workflows.dsl.kinds.notify import NOTIFY, NotifyConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

MOST_USERS: Final = 1000


async def run(call: NodeCall[NotifyConfig]) -> dict[str, Any]:
    users = await _users(call.transaction, call.config)
    told = await notify(call.transaction, list(users), call.config.title, call.config.message)
    return {"count": len(told)}


async def preview(call: NodeCall[NotifyConfig]) -> Preview:
    users = await _users(call.db.repositories(), call.config)
    effect = {
        "users": sorted(users.values()),
        "title": call.config.title,
        "message": call.config.message,
    }
    return Preview({"count": len(users)}, effect if users else None)


async def _users(repos: Repositories, config: NotifyConfig) -> dict[str, str]:
    """The names of those who are meant, by their keys; an account that is disabled is told nothing."""
    if not config.users and not config.role:
        raise NodeFailure("Nobody is told: name users, or the lowest role that is meant.")
    found = await _named(repos, config.users or [])
    if config.role:
        roles = [role.value for role in Role if role.rank >= _role(config.role).rank]
        found |= await _select(repos, Compare("role", Operator.IN, tuple(roles)))
    return found


async def _named(repos: Repositories, names: list[str]) -> dict[str, str]:
    keys = tuple(name.removeprefix("user_") for name in names if _is_key(name.removeprefix("user_")))
    words = tuple(name for name in names if not _is_key(name.removeprefix("user_")))
    found: dict[str, str] = {}
    if keys:
        found |= await _select(repos, Compare("id", Operator.IN, keys))
    if words:
        found |= await _select(repos, Compare("username", Operator.IN, words))
    missing = [key for key in keys if key.lower() not in found]
    missing += [word for word in words if word not in found.values()]
    if missing:
        raise NodeFailure(f"There is no active user {', '.join(missing)[:200]}.")
    return found


async def _select(repos: Repositories, condition: Compare) -> dict[str, str]:
    active = Compare("status", Operator.NE, UserStatus.DISABLED.value)
    window = Window(Order("created_at"), limit=MOST_USERS)
    page = await repos.users.page(window, All((condition, active)), frozenset({"username"}))
    return {user.id: user.username for user in page.records}


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise NodeFailure(f"There is no role {name[:40]}.") from None


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


ACTION = Action(NOTIFY, run, preview)
