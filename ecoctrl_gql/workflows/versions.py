"""Published versions through the API, and what differs between two definitions."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import ID, Info, Parent

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.enums import as_graphql_enum
from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, computed, node_type, parse_id
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import UserRow, WorkflowRow, WorkflowVersionRow
from ecoctrl_gql.errors import NotFoundError
from ecoctrl_gql.workflows.dsl.diff import Change, Difference, Part, diff
from ecoctrl_gql.workflows.secrets import sealed

if TYPE_CHECKING:
    from ecoctrl_gql.workflows.types import Workflow

as_graphql_enum(Part, "WorkflowPart")
as_graphql_enum(Change, "WorkflowPartChange")

DSL_RULE = ADMINS  # it may hold what only administrators should see of what a workflow calls


@strawberry.type(description="A part of a definition that differs from another one.", directives=[ADMINS])
class WorkflowDifference:
    part: Part = strawberry.field(description="What kind of part it is.")
    change: Change = strawberry.field(description="Whether it was added, removed or changed.")
    id: str | None = strawberry.field(
        description="The id of a node or edge, the key of an environment variable; null for parts without."
    )
    path: str = strawberry.field(description="Where it stands, such as nodes.check.")
    before: JSON | None = strawberry.field(description="As it was; null where it was added.")
    after: JSON | None = strawberry.field(description="As it is; null where it was removed.")
    changed_paths: list[str] = strawberry.field(
        description="For a changed part: where in the definition, as deep as the change can be told."
    )


@node_type(WorkflowVersionRow, rule=ADMINS)
class WorkflowVersion(Node):
    version: auto
    published_at: auto
    workflow: Annotated["Workflow", strawberry.lazy("ecoctrl_gql.workflows.types")] = to_one(
        WorkflowRow, "workflow_id", "The workflow."
    )
    published_by: LazyUser | None = to_one(
        UserRow, "published_by", "The user who published it; null for other programs."
    )

    @computed("dsl", graphql_type=JSON, description="The definition, with its secrets under seal.")
    def dsl(version: Parent[WorkflowVersionRow], info: Info[Any, Any]) -> Any:
        return sealed(version.dsl, info.context.auth.keys)


WORKFLOW_VERSIONS = Listing(
    WorkflowVersion,
    filters=("id", "workflow_id", "version", "published_at"),
    orders=("version",),
    default=Order("version", descending=True),
)


async def workflow_diff(
    info: Info[Any, Any],
    id: Annotated[ID, strawberry.argument(description="The workflow.")],
    before: Annotated[
        int | None, strawberry.argument(description="A version; the published one by default.")
    ] = None,
    after: Annotated[
        int | None, strawberry.argument(description="Another version; the draft by default.")
    ] = None,
) -> list[Difference]:
    key = parse_id(WorkflowRow, id)
    workflow = await info.context.repos.workflows.get(key, frozenset({"version", "draft"}))
    old = await _definition(info, key, workflow.version if before is None else before)
    new = workflow.draft if after is None else await _definition(info, key, after)
    if new is None:
        raise NotFoundError("The workflow has no draft; name the version to compare with.")
    keys = info.context.auth.keys
    return diff(sealed(old, keys), sealed(new, keys))


async def _definition(info: Info[Any, Any], key: str, version: int) -> Any:
    dsl = await info.context.repos.workflow_versions.dsl_of(key, version)
    if dsl is None:
        raise NotFoundError(f"The workflow has no version {version}.")
    return dsl
