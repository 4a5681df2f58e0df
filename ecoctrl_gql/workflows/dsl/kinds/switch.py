"""Goes on by the first of several cases that fits a value."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Expression, Label, NodeConfig, Shape
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule
from ecoctrl_gql.workflows.dsl.registry import EdgeRule, NodeKind, Output

DEFAULT = "default"
Operator = Literal["===", "==", "!=", "!==", ">", "<", ">=", "<="]


class Case(Shape):
    """One case."""

    value: Annotated[Label, Field(description="What the value is compared with, and the label of the edge.")]
    operator: Annotated[Operator | None, Field(description="How it is compared; === by default.")] = None


class SwitchConfig(NodeConfig):
    """What is compared with what."""

    expression: Annotated[Expression, Field(description="The expression whose value is compared.")]
    cases: Annotated[
        list[Case],
        Field(
            default_factory=list,
            max_length=1_000,
            description="The cases, in the order in which they are tried.",
        ),
    ]


def check_switch(config: SwitchConfig) -> Iterable[Finding]:
    if not config.expression.strip():
        yield Finding(("expression",), Rule.REQUIRED, "The switch needs an expression to compare.")


def labels_of_cases(config: SwitchConfig) -> Iterable[str]:
    return dict.fromkeys(case.value for case in config.cases)


SWITCH = NodeKind(
    "switch",
    SwitchConfig,
    "Goes on by the first case that fits a value.",
    outputs=(
        Output("value", "The value."),
        Output("matched", "The case's value, or default."),
        Output("matchedIndex", "The number of the case from 0; -1 for default."),
    ),
    edges=EdgeRule.CASES,
    check=check_switch,
    cases=labels_of_cases,
)
