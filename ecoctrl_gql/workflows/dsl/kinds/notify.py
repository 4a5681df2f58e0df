"""Leaves a notification for users."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.workflows.dsl.fields import NodeConfig, Texts
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import one_of

MAX_TITLE = 255
MAX_MESSAGE = 500


class NotifyConfig(NodeConfig):
    """Who is told what."""

    users: Annotated[Texts | None, Field(description="User names or ids.")] = None
    role: Annotated[str | None, Field(description="Everybody of this role or a higher one.")] = None
    title: Annotated[
        str, Field(min_length=1, description=f"What it is about; cut after {MAX_TITLE} characters.")
    ]
    message: Annotated[
        str | None, Field(description=f"More about it; cut after {MAX_MESSAGE} characters.")
    ] = None


def check_notify(config: NotifyConfig) -> Iterable[Finding]:
    if not config.users and not config.role:
        yield Finding(
            ("users",), Rule.REQUIRED, "Nobody is told.", "Name users, or the lowest role that is meant."
        )
    yield from one_of("role", config.role, tuple(role.value for role in Role))


NOTIFY = NodeKind(
    "notify",
    NotifyConfig,
    "Leaves a notification for users.",
    outputs=(Output("count", "How many users were told."),),
    effect=Effect.DATABASE,
    check=check_notify,
)
