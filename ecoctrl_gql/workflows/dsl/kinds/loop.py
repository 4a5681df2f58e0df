"""Runs a graph again and again."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, Expression, GraphField, Items, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output, SubGraph
from ecoctrl_gql.workflows.dsl.shapes import GraphShape

DEFAULT_ITERATIONS = 100


class LoopConfig(NodeConfig):
    """What is repeated, and how often."""

    mode: Annotated[
        Literal["foreach", "while"] | None, Field(description="For each item, or while it is true; foreach.")
    ] = None
    max_iterations: Annotated[
        Count | None, Field(description=f"How often at most; {DEFAULT_ITERATIONS} by default.")
    ] = None
    items: Annotated[Items | None, Field(description="foreach: the items.")] = None
    item_var: Annotated[str | None, Field(description="foreach: the variable that holds the item.")] = None
    condition: Annotated[Expression | None, Field(description="while: asked before each pass.")] = None
    failure_policy: Annotated[
        Literal["fail", "ignore"] | None,
        Field(description="What a failed pass means: the loop fails, or goes on with the next; fail."),
    ] = None
    body: Annotated[GraphShape, GraphField(), Field(description="The graph that is repeated.")]


def check_loop(config: LoopConfig) -> Iterable[Finding]:
    if config.mode == "while":
        yield from _check_while(config)
        return
    if config.items is None:
        yield Finding(("items",), Rule.REQUIRED, "A foreach loop needs items.")
    if not config.item_var:
        yield Finding(
            ("itemVar",), Rule.REQUIRED, "A foreach loop needs the name of the variable for an item."
        )


def _check_while(config: LoopConfig) -> Iterable[Finding]:
    if not (config.condition or "").strip():
        yield Finding(("condition",), Rule.REQUIRED, "A while loop needs a condition.")
    if config.max_iterations is None:
        message = f"The loop ends after {DEFAULT_ITERATIONS} passes, which perhaps nobody expects."
        hint = "Set maxIterations to say how many passes are allowed."
        yield Finding(("maxIterations",), Rule.UNBOUNDED_LOOP, message, hint, Severity.WARNING)


def body_of(config: LoopConfig) -> Iterable[SubGraph]:
    yield SubGraph(("body",), config.body)


LOOP = NodeKind(
    "loop",
    LoopConfig,
    "Runs a graph for each item, or while a condition is true.",
    outputs=(
        Output("iterations", "How often the graph ran."),
        Output("results", "What it gave each time, as a list."),
    ),
    check=check_loop,
    graphs=body_of,
)
