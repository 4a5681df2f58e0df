"""Types that are named before they are made, for their modules need those that name them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from ecoctrl_gql.accounts.types import User
    from ecoctrl_gql.workflows.types import WorkflowExecution

LazyUser = Annotated["User", strawberry.lazy("ecoctrl_gql.accounts.types")]
LazyWorkflowExecution = Annotated["WorkflowExecution", strawberry.lazy("ecoctrl_gql.workflows.types")]
