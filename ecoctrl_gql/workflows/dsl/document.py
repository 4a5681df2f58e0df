"""A workflow as it is run: one model, however its document is spelled."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ecoctrl_gql.workflows.dsl.fields import NodeConfig
from ecoctrl_gql.workflows.dsl.kinds.switch import DEFAULT
from ecoctrl_gql.workflows.dsl.registry import EdgeRule, NodeKind, TriggerKind
from ecoctrl_gql.workflows.dsl.shapes import EnvVar, OnError, Settings


@dataclass(frozen=True, slots=True)
class Edge:
    """After its source comes its target; its label is that of a branch, as text."""

    id: str
    source: str
    target: str
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Node:
    """
    A step.

    Attributes:
        name: Its name for people; its id where it has none.
        config: Its config as it is written, where a template may stand for a value.
        raw_config: The same as JSON, unknown keys included: what templates are rendered in.
        on_error: What happens when it fails; None for the end of the run.
        graphs: The graphs inside it: the body of a loop, the branches of a parallel.
        path: Where it stands in the document.
        timeout_ms: How long an attempt may take; None for any time.
    """

    id: str
    kind: NodeKind[Any]
    name: str
    config: NodeConfig
    raw_config: dict[str, Any]
    on_error: OnError | None
    graphs: tuple["Graph", ...]
    path: str
    timeout_ms: int | None = None


@dataclass(frozen=True)
class Graph:
    """
    Nodes and the edges between them.

    Attributes:
        nodes: The nodes by id, in the order of the document.
        edges: The edges, in the order of the document.
        path: Where it stands in the document; empty for the outermost.
    """

    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    path: str

    @cached_property
    def outgoing(self) -> dict[str, list[Edge]]:
        """The edges that begin at a node, by its id; nothing for a node without any."""
        edges = defaultdict(list)
        for edge in self.edges:
            edges[edge.source].append(edge)
        return dict(edges)

    @cached_property
    def entry(self) -> Node | None:
        """Where a run begins unless a trigger says otherwise: the start, else the first that is a trigger."""
        entries = [node for node in self.nodes.values() if node.kind.trigger]
        return next((node for node in entries if node.kind.name == "start"), next(iter(entries), None))

    def edge_after(self, node_id: str, label: str | None = None) -> Edge | None:
        """
        The edge that is followed after a node.

        Args:
            node_id: The node.
            label: For a condition true or false, for a switch the text of the case that fits.

        Returns:
            None where the walk ends.
        """
        edges, rule = self.outgoing.get(node_id, []), self.nodes[node_id].kind.edges
        if rule is EdgeRule.NONE:
            return None
        if rule is EdgeRule.FIRST:
            return next(iter(edges), None)
        labels = (label, DEFAULT) if rule is EdgeRule.CASES else (label,)
        found = (edge for wanted in labels for edge in edges if edge.label == wanted)
        return next(found, None)

    def all_nodes(self) -> Iterator[Node]:
        """Its nodes and those of the graphs inside them, each before those inside it."""
        for node in self.nodes.values():
            yield node
            for graph in node.graphs:
                yield from graph.all_nodes()


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    Something that starts the workflow.

    Attributes:
        raw_config: Its config as JSON.
        node_id: The node at which the run begins then.
        path: Where it stands in the document.
    """

    kind: TriggerKind[Any]
    config: NodeConfig
    raw_config: dict[str, Any]
    node_id: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """A workflow: what starts it, and the steps it takes."""

    triggers: tuple[Trigger, ...]
    graph: Graph
    env_vars: tuple[EnvVar, ...]
    settings: Settings | None
    has_own_trigger: bool
    """Whether it says at its top what starts it, in place of by nodes."""
