"""Looking at workflow documents through the API."""

import asyncio
from typing import Annotated, Any

import strawberry

from ecoctrl_gql.api.access import ADMINS, VIEWERS
from ecoctrl_gql.api.enums import as_graphql_enum
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.workflows.dsl.json_schema import workflow_json_schema
from ecoctrl_gql.workflows.dsl.problems import MAX_PROBLEMS, Rule, Severity
from ecoctrl_gql.workflows.dsl.validation import Validation, validate

as_graphql_enum(Rule, "WorkflowRule")
as_graphql_enum(Severity, "WorkflowProblemSeverity")


@strawberry.type(description="Something wrong with a workflow's definition.", directives=[VIEWERS])
class WorkflowProblem:
    path: str = strawberry.field(
        description="Where, such as nodes.check.config.expression; empty for the definition as a whole."
    )
    rule: Rule = strawberry.field(description="The rule that it breaks.")
    severity: Severity = strawberry.field(description="Whether the workflow can run nevertheless.")
    message: str = strawberry.field(description="What is wrong, in a sentence.")
    hint: str | None = strawberry.field(description="What to do; null where the message says it.")


@strawberry.type(description="What was found in a workflow's definition.", directives=[VIEWERS])
class WorkflowValidation:
    valid: bool = strawberry.field(description="Whether there is no error; warnings may be there.")
    error_count: int = strawberry.field(description="How many errors there are in all.")
    warning_count: int = strawberry.field(description="How many warnings there are in all.")
    problems: list[WorkflowProblem] = strawberry.field(
        description=f"What is wrong, in the order of the definition; the first {MAX_PROBLEMS:,}."
    )


@strawberry.type
class WorkflowValidationQuery:
    @strawberry.field(
        graphql_type=WorkflowValidation,
        description="Look at a workflow's definition, without storing it: everything that is wrong, at once.",
        directives=[ADMINS],
    )
    async def validate_workflow(
        self, dsl: Annotated[JSON, strawberry.argument(description="The definition, as JSON of any form.")]
    ) -> Validation:
        return await asyncio.to_thread(validate, dsl)  # a large one takes a second

    @strawberry.field(
        graphql_type=JSON,
        description="The JSON Schema (2020-12) of definitions, for editors; it is the same for all callers.",
        directives=[VIEWERS],
    )
    def workflow_schema(self) -> Any:
        return workflow_json_schema()
