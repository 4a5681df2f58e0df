"""Sets variables of the run."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Mapping, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output


class VariableConfig(NodeConfig):
    """Which variables get which values."""

    set: Annotated[Mapping | None, Field(description="The values by variable.")] = None
    name: Annotated[str | None, Field(description="One variable more.")] = None
    value: Annotated[Any, Field(description="Its value.")] = None


def check_variable(config: VariableConfig) -> Iterable[Finding]:
    if not config.set and not config.name:
        yield Finding(("set",), Rule.REQUIRED, "No variable is set.", None, Severity.WARNING)


VARIABLE = NodeKind(
    "variable",
    VariableConfig,
    "Sets variables of the run.",
    outputs=(Output("vars", "All variables by name."), Output("setCount", "How many were set.")),
    check=check_variable,
)
