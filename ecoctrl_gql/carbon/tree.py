"""The carbon factor tree as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ecoctrl_gql.db.tables import CarbonFactorNodeRow


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A node and how deep it stands; a root stands at 0."""

    depth: int
    node: CarbonFactorNodeRow


def in_display_order(nodes: Iterable[CarbonFactorNodeRow], root_id: str | None = None) -> Iterator[TreeItem]:
    """
    The tree from its roots, or from one node, down: each node before its children, siblings in order.

    Works without recursion, so a tree may be of any depth. Nodes in a circle hang on no root and are left
    out; from one of them down, each comes once.
    """
    below: dict[str | None, list[CarbonFactorNodeRow]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id].append(node)
        if node.id == root_id:
            below["root"].append(node)
    for siblings in below.values():
        siblings.sort(key=lambda node: (node.sort_order, node.id), reverse=True)
    seen = set()  # a circle comes back to where it began
    waiting = [TreeItem(0, node) for node in below[None if root_id is None else "root"]]
    while waiting:
        item = waiting.pop()
        if item.node.id in seen:
            continue
        seen.add(item.node.id)
        yield item
        waiting += [TreeItem(item.depth + 1, child) for child in below[item.node.id]]
