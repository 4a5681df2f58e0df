"""Goes on by whether an expression is true."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Expression, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity
from ecoctrl_gql.workflows.dsl.registry import EdgeRule, NodeKind, Output


class ConditionConfig(NodeConfig):
    """What is asked."""

    expression: Annotated[Expression, Field(description="The expression that is asked; true or false.")]


def check_condition(config: ConditionConfig) -> Iterable[Finding]:
    if not config.expression.strip():
        message = "The expression is empty, which always counts as false."
        yield Finding(("expression",), Rule.REQUIRED, message, None, Severity.WARNING)


CONDITION = NodeKind(
    "condition",
    ConditionConfig,
    "Goes on by whether an expression is true.",
    outputs=(Output("result", "Whether it was true."),),
    edges=EdgeRule.TRUE_FALSE,
    check=check_condition,
)
