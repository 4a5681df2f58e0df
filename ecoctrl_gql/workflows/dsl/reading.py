"""From JSON to the model of a workflow; what can't be read is told, all else is read nevertheless."""

from collections import Counter
from typing import Any, Final

from ecoctrl_gql.workflows.dsl.document import Document, Edge, Graph, Node, Trigger
from ecoctrl_gql.workflows.dsl.fields import NodeConfig
from ecoctrl_gql.workflows.dsl.kinds import KIND_BY_SPELLING, KINDS, TRIGGER_BY_SPELLING, TRIGGERS
from ecoctrl_gql.workflows.dsl.limits import MAX_EDGES, MAX_GRAPH_DEPTH, MAX_NODES, MAX_TRIGGERS
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, shown, step_into
from ecoctrl_gql.workflows.dsl.registry import NodeKind, TriggerKind
from ecoctrl_gql.workflows.dsl.shape_errors import read_shape
from ecoctrl_gql.workflows.dsl.shapes import (
    VERSION,
    DocumentShape,
    EdgeShape,
    GraphShape,
    NodeShape,
    TriggerShape,
)

UNKNOWN: Final[NodeKind[NodeConfig]] = NodeKind("unknown", NodeConfig, "A node of a type that there is not.")
"""The kind of a node that can't run; only documents with errors have such nodes."""


class TooManyPartsError(Exception):
    """There are more nodes, edges or triggers than anybody wants to look at; reading stops."""


class Reader:
    """Reads one document."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self._counts: Counter[str] = Counter()

    def document(self, dsl: Any) -> Document | None:
        """
        The workflow that a document holds, as far as it can be read.

        Returns:
            None where nothing can.

        Raises:
            TooManyPartsError: It has too many nodes, edges or triggers; that is told already.
        """
        shape = read_shape(DocumentShape, dsl, "", self.problems)
        if shape is None:
            return None
        if dsl.get("version") is None:
            message = f'The document has no version; it is read as "{VERSION}".'
            self.problems.warning("version", Rule.VERSION, message)
        graph = self.graph(shape, "", 0)
        return Document(
            triggers=self._triggers(shape.trigger, graph),
            graph=graph,
            env_vars=tuple(shape.env_vars or ()),
            settings=shape.settings,
            has_own_trigger=shape.trigger is not None,
        )

    def graph(self, shape: GraphShape, path: str, depth: int) -> Graph:
        self._count("nodes", len(shape.nodes), MAX_NODES)
        self._count("edges", len(shape.edges), MAX_EDGES)
        nodes: dict[str, Node] = {}
        for index, raw in enumerate(shape.nodes):
            node = self._node(raw, step_into(path, "nodes", index), step_into(path, "nodes"), depth)
            if node is None:
                continue
            if node.id in nodes:
                message = f'Several nodes have the id "{shown(node.id)}".'
                self.problems.error(step_into(node.path, "id"), Rule.DUPLICATE_NODE, message)
                continue
            nodes[node.id] = node
        edges = (self._edge(raw, index, path) for index, raw in enumerate(shape.edges))
        return Graph(nodes, tuple(edge for edge in edges if edge), path)

    def _count(self, what: str, number: int, limit: int) -> None:
        self._counts[what] += number
        if self._counts[what] > limit:
            message = f"The document has more than {limit:,} {what}."
            path = "edges" if what == "edges" else "nodes"
            self.problems.error(path, Rule.TOO_LARGE, message, "Make several workflows of it.")
            raise TooManyPartsError

    def _node(self, raw: Any, place: str, nodes_path: str, depth: int) -> Node | None:
        shape = read_shape(NodeShape, raw, _place_of(raw, place, nodes_path), self.problems)
        if shape is None:
            return None
        path = step_into(nodes_path, shape.id)
        kind = self._kind(shape.type, path)
        self._count("triggers", kind.trigger is not None and kind.name != "start", MAX_TRIGGERS)
        raw_config = shape.config or {}
        config = self._config(kind, raw_config, step_into(path, "config"))
        return Node(
            id=shape.id,
            kind=kind,
            name=shape.name or shape.id,
            config=config,
            raw_config=raw_config,
            on_error=shape.on_error,
            graphs=self._graphs(kind, config, path, depth),
            path=path,
            timeout_ms=shape.timeout_ms,
        )

    def _kind(self, name: str, path: str) -> NodeKind[Any]:
        kind = KIND_BY_SPELLING.get(name)
        if kind is None:
            message = f'There is no node of type "{shown(name)}".'
            hint = f"The types are {', '.join(kind.name for kind in KINDS)}."
            self.problems.error(step_into(path, "type"), Rule.NODE_TYPE, message, hint)
        return kind or UNKNOWN

    def _config(self, kind: NodeKind[Any] | TriggerKind[Any], raw: Any, path: str) -> NodeConfig:
        """The typed config; one without any field where too little of it fits."""
        if kind is UNKNOWN:
            return NodeConfig()
        errors = self.problems.errors
        config: NodeConfig | None = read_shape(kind.config, raw, path, self.problems)
        if config is not None and self.problems.errors == errors:
            for finding in kind.check(config):
                self.problems.add(path, finding)
        return config or NodeConfig()

    def _graphs(self, kind: NodeKind[Any], config: NodeConfig, path: str, depth: int) -> tuple[Graph, ...]:
        inside = tuple(kind.graphs(config)) if isinstance(config, kind.config) else ()
        if inside and depth >= MAX_GRAPH_DEPTH:
            message = f"Loop bodies and branches are nested more than {MAX_GRAPH_DEPTH} deep."
            self.problems.error(path, Rule.NESTING, message)
            return ()
        return tuple(self.graph(part.shape, step_into(path, *part.steps), depth + 1) for part in inside)

    def _edge(self, raw: Any, index: int, graph_path: str) -> Edge | None:
        place = step_into(graph_path, "edges", index)
        path = _place_of(raw, place, step_into(graph_path, "edges"))
        shape = read_shape(EdgeShape, raw, path, self.problems)
        return None if shape is None else Edge(shape.id or "", shape.source, shape.target, shape.label, path)

    def _triggers(self, shape: TriggerShape | None, graph: Graph) -> tuple[Trigger, ...]:
        entry = graph.entry
        own = self._own_trigger(shape, entry) if shape else None
        nodes = (
            Trigger(node.kind.trigger, node.config, node.raw_config, node.id, node.path)
            for node in graph.nodes.values()
            if node.kind.trigger and not (own and node.kind.name == "start")
        )
        return (*((own,) if own else ()), *nodes)

    def _own_trigger(self, shape: TriggerShape, entry: Node | None) -> Trigger | None:
        kind = TRIGGER_BY_SPELLING.get(shape.type)
        if kind is None:
            message = f'There is no trigger of type "{shown(shape.type)}".'
            hint = f"The types are {', '.join(kind.name for kind in TRIGGERS)}."
            self.problems.error("trigger.type", Rule.TRIGGER_TYPE, message, hint)
            return None
        raw_config = shape.config or {}
        config = self._config(kind, raw_config, "trigger.config")
        return Trigger(kind, config, raw_config, entry.id if entry else None, "trigger")


def _place_of(raw: Any, place: str, list_path: str) -> str:
    """The path of a node or an edge: by its id, or by its number where it has none."""
    id_ = raw.get("id") if isinstance(raw, dict) else None
    return step_into(list_path, id_) if isinstance(id_, str) and id_ else place
