"""What is wrong with the ways through a graph: dead ends, islands, circles."""

from collections.abc import Iterator
from itertools import islice

from ecoctrl_gql.workflows.dsl.document import Edge, Graph, Node
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, shown
from ecoctrl_gql.workflows.dsl.registry import EdgeRule

MAX_CYCLES = 20
MAX_CYCLE_SHOWN = 20


def check_ways(graph: Graph, problems: Problems) -> None:
    """Look where the ways through a graph lead; a jump of an error handler counts as a way."""
    incoming = {edge.target for edge in graph.edges if edge.source in graph.nodes} | set(_jumps(graph))
    reached = _reached(graph)
    for node in graph.nodes.values():
        if not node.kind.trigger and node.id not in incoming:
            hint = "Draw an edge to it, or remove it."
            problems.error(node.path, Rule.NO_INCOMING, "Nothing leads to this node.", hint)
        elif node.id not in reached:
            problems.warning(node.path, Rule.UNREACHABLE, "No run ever gets to this node.")
        if node.kind.edges is not EdgeRule.NONE and not graph.outgoing.get(node.id):
            hint = "Draw an edge from it; the last node of every way is one of type end."
            problems.error(node.path, Rule.NO_OUTGOING, "Nothing follows this node.", hint)
    for edge, cycle in _cycles(graph):
        message = f"The edges lead around in a circle: {_as_text(cycle)}."
        problems.error(edge.path, Rule.CYCLE, message, "Use a loop node to do something again.")


def _jumps(graph: Graph) -> Iterator[str]:
    return (target for node in graph.nodes.values() for target in _jumps_of(node))


def _jumps_of(node: Node) -> Iterator[str]:
    if node.on_error and node.on_error.action == "goto" and node.on_error.goto_node_id:
        yield node.on_error.goto_node_id


def _reached(graph: Graph) -> set[str]:
    """The ids of the nodes that some run may get to."""
    waiting = [node.id for node in graph.nodes.values() if node.kind.trigger]
    reached = set(waiting)
    while waiting:
        node = graph.nodes[waiting.pop()]
        for target in (*(edge.target for edge in graph.outgoing.get(node.id, ())), *_jumps_of(node)):
            if target in graph.nodes and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _cycles(graph: Graph) -> Iterator[tuple[Edge, list[str]]]:
    """The first edges that close a circle, each with the nodes of it; ways may be of any length."""
    done: set[str] = set()
    closing = (found for root in graph.nodes for found in _cycles_from(root, graph, done))
    return islice(closing, MAX_CYCLES)


def _cycles_from(root: str, graph: Graph, done: set[str]) -> Iterator[tuple[Edge, list[str]]]:
    """Go every way from a node, deepest first, without what is done already."""
    if root in done:
        return
    way, position = [(root, iter(graph.outgoing.get(root, ())))], {root: 0}
    while way:
        here, edges = way[-1]
        edge = next(edges, None)
        if edge is None:
            way.pop()
            del position[here]
            done.add(here)
        elif edge.target in position:
            yield edge, [*(node_id for node_id, _ in way[position[edge.target] :]), edge.target]
        elif edge.target in graph.nodes and edge.target not in done:
            position[edge.target] = len(way)
            way.append((edge.target, iter(graph.outgoing.get(edge.target, ()))))


def _as_text(cycle: list[str]) -> str:
    parts = [shown(node_id) for node_id in cycle]
    if len(parts) > MAX_CYCLE_SHOWN:
        parts = [*parts[: MAX_CYCLE_SHOWN - 2], "…", parts[-1]]
    return " → ".join(parts)
