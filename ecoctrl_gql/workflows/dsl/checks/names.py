"""Which names an expression or a template may use, and names that stand for two things."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from ecoctrl_gql.workflows.dsl.document import Document, Graph, Node
from ecoctrl_gql.workflows.dsl.kinds.loop import LoopConfig
from ecoctrl_gql.workflows.dsl.kinds.variable import VariableConfig
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, shown, step_into
from ecoctrl_gql.workflows.expressions.scope import RESERVED


@dataclass(frozen=True, slots=True)
class Names(Collection[str]):
    """
    What is defined at a place of a document; kept apart by graph, for documents with thousands of them.

    Attributes:
        variables: The variables that any node sets: they are shared by all graphs of a run.
        own: The document's own values and secrets, as ``var.NAME`` and ``secret.NAME``.
        graphs: The graph at hand and those around it, whose nodes can be named.
    """

    variables: frozenset[str]
    own: frozenset[str]
    graphs: tuple[Graph, ...] = ()

    def __contains__(self, name: object) -> bool:
        return name in self.variables or name in self.own or any(name in graph.nodes for graph in self.graphs)

    def __iter__(self) -> Iterator[str]:
        yield from self.variables | self.own | {node_id for graph in self.graphs for node_id in graph.nodes}

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def inside(self, graph: Graph) -> "Names":
        """What is defined in a graph that stands here."""
        return replace(self, graphs=(*self.graphs, graph))

    def at_triggers(self) -> "Names":
        """What is defined before a run has begun."""
        return Names(frozenset(), self.own)


def names_of(document: Document) -> Names:
    """What is defined everywhere in a document."""
    variables = (name for node in document.graph.all_nodes() for name in _variables_of(node))
    own = (f"{'secret' if var.type == 'secret' else 'var'}.{var.key}" for var in document.env_vars)
    return Names(frozenset(variables), frozenset(own))


def check_names(graph: Graph, names: Names, problems: Problems) -> None:
    """Tell of nodes that expressions can't name, because something else has the name."""
    for node in graph.nodes.values():
        path = step_into(node.path, "id")
        if node.id in RESERVED:
            message = f'In expressions "{node.id}" stands for something else than this node.'
            problems.warning(path, Rule.CLASHING_NAME, message, "Give the node another id.")
        elif node.id in names.variables:
            message = f'A variable has the name "{shown(node.id)}" too; expressions mean the node.'
            problems.warning(path, Rule.CLASHING_NAME, message, "Give the node or the variable another name.")


def _variables_of(node: Node) -> Iterator[str]:
    match node.config:
        case VariableConfig() as config:
            yield from (config.set if isinstance(config.set, dict) else {})
            if config.name:
                yield config.name
        case LoopConfig() as config if config.mode != "while":
            yield from (config.item_var or "item", "index")
