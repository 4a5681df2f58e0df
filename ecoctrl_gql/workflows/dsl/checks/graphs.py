"""What is wrong with the nodes and edges of one graph; every rule takes a time in proportion to its size."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from ecoctrl_gql.workflows.dsl.document import Edge, Graph, Node
from ecoctrl_gql.workflows.dsl.kinds.switch import DEFAULT
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, shown, step_into
from ecoctrl_gql.workflows.dsl.reading import UNKNOWN
from ecoctrl_gql.workflows.dsl.registry import EdgeRule


def check_graph(graph: Graph, problems: Problems, *, one_start: bool) -> None:
    """
    Apply all rules to a graph, but not to those inside it.

    Args:
        graph: The graph.
        problems: Where to tell what is wrong.
        one_start: Whether a second start is an error; where nodes are triggers, documents may have several.
    """
    _check_entries(graph, problems, one_start)
    _check_ends_of_edges(graph, problems)
    _check_doubles(graph, problems)
    for node in graph.nodes.values():
        if node.kind is not UNKNOWN:
            _check_edges_after(node, graph.outgoing.get(node.id, []), problems)
        _check_on_error(node, graph, problems)


def _check_entries(graph: Graph, problems: Problems, one_start: bool) -> None:
    path = step_into(graph.path, "nodes")
    if graph.entry is None:
        hint = "Add a node of type start, or one that is a trigger."
        problems.error(path, Rule.START, "There is no node to start at.", hint)
    starts = [node for node in graph.nodes.values() if node.kind.name == "start"]
    if len(starts) > 1:
        tell = problems.error if one_start else problems.warning
        message = f'There are {len(starts)} nodes of type start; only "{shown(starts[0].id)}" begins a run.'
        tell(path, Rule.START, message, "Keep one of them.")
    if not any(node.kind.name == "end" for node in graph.nodes.values()):
        problems.error(
            path, Rule.END, "There is no node of type end.", "Add one, so that a run has a result."
        )


def _check_ends_of_edges(graph: Graph, problems: Problems) -> None:
    for edge in graph.edges:
        for key, rule, node_id in (
            ("source", Rule.EDGE_SOURCE, edge.source),
            ("target", Rule.EDGE_TARGET, edge.target),
        ):
            if node_id not in graph.nodes:
                message = f'There is no node "{shown(node_id)}".'
                problems.error(step_into(edge.path, key), rule, message)


def _check_doubles(graph: Graph, problems: Problems) -> None:
    ids = Counter(edge.id for edge in graph.edges if edge.id)
    for id_, number in ids.items():
        if number > 1:
            path = step_into(graph.path, "edges", id_, "id")
            problems.warning(path, Rule.DUPLICATE_EDGE, f'{number} edges have the id "{shown(id_)}".')
    seen: set[tuple[str, str, str | None]] = set()
    for edge in graph.edges:
        connection = edge.source, edge.target, edge.label
        if connection in seen:
            problems.warning(edge.path, Rule.DUPLICATE_EDGE, "Another edge connects the same nodes already.")
        seen.add(connection)


def _check_edges_after(node: Node, edges: list[Edge], problems: Problems) -> None:
    match node.kind.edges:
        case EdgeRule.NONE:
            _tell_ignored(edges, "Nothing follows an end.", problems)
        case EdgeRule.FIRST:
            message = "Only the first edge of this node is followed."
            _tell_ignored(edges[1:], message, problems, "Use a parallel node to do several things at once.")
        case EdgeRule.TRUE_FALSE | EdgeRule.CASES:
            _check_branches(node, edges, problems)


def _tell_ignored(edges: list[Edge], message: str, problems: Problems, hint: str | None = None) -> None:
    for edge in edges:
        problems.warning(edge.path, Rule.IGNORED_EDGE, message, hint)


def _check_branches(node: Node, edges: list[Edge], problems: Problems) -> None:
    labels = dict.fromkeys(_branches(node))
    taken = Counter(edge.label for edge in edges)
    for label in labels:
        if label not in taken:
            message = f'No edge of this {node.kind.name} has the label "{shown(label)}".'
            problems.error(
                node.path, Rule.BRANCH_MISSING, message, f'Add an edge with the label "{shown(label)}".'
            )
    seen: set[str | None] = set()
    for edge in edges:
        if edge.label not in labels:
            _tell_unknown_label(edge, labels, problems)
        elif edge.label in seen:
            message = f'Another edge has the label "{shown(edge.label)}" already, and is followed.'
            problems.warning(edge.path, Rule.IGNORED_EDGE, message)
        seen.add(edge.label)


def _branches(node: Node) -> Iterator[str]:
    if node.kind.edges is EdgeRule.TRUE_FALSE:
        yield from ("true", "false")
        return
    if isinstance(node.config, node.kind.config):
        yield from node.kind.cases(node.config)
    yield DEFAULT


def _tell_unknown_label(edge: Edge, labels: dict[str, None], problems: Problems) -> None:
    said = (
        "The edge has no label" if edge.label is None else f'"{shown(edge.label)}" is no branch of its node'
    )
    known = ", ".join(shown(label) for label in islice(labels, 10))
    path = step_into(edge.path, "label")
    problems.warning(path, Rule.UNKNOWN_LABEL, f"{said}, so it is never followed.", f"Its branches: {known}.")


def _check_on_error(node: Node, graph: Graph, problems: Problems) -> None:
    on_error = node.on_error
    if on_error is None or on_error.action != "goto":
        return
    path = step_into(node.path, "onError", "gotoNodeId")
    if not on_error.goto_node_id:
        problems.error(path, Rule.GOTO_TARGET, "The handler jumps, but names no node to jump to.")
    elif on_error.goto_node_id not in graph.nodes:
        message = f'There is no node "{shown(on_error.goto_node_id)}" in this graph to jump to.'
        problems.error(path, Rule.GOTO_TARGET, message)
