"""The audit log: who did what to which thing, when and from where."""

from dataclasses import dataclass
from typing import Any

from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.logs import current_request_id


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where a request came from.

    Attributes:
        address: The network address of the client; empty where there is none.
        device: What the client says that it is, its user agent; empty where it says nothing.
    """

    address: str = ""
    device: str = ""


async def record(
    repos: Repositories,
    actor: Caller | None,
    origin: Origin,
    action: str,
    node_id: str | None = None,
    **details: Any,
) -> None:
    """
    Write an entry, in the transaction of what it tells of.

    Args:
        repos: The repositories of that transaction.
        actor: Who did it; None for nobody logged in, or the system.
        origin: From where.
        action: What, as thing and past tense: ``user.role_changed``.
        node_id: The global id of the thing.
        details: What changed. Never a secret: no password, token, code or key.
    """
    await repos.audit_entries.create(
        actor_id=actor.user_id if actor is not None else None,
        actor_name=actor.username if actor is not None else None,
        api_key_id=actor.api_key_id if actor is not None else None,
        action=action,
        node_id=node_id,
        address=origin.address[:64] or None,
        request_id=current_request_id.get(),
        details=details,
    )
