"""What an operation selects below a field, so that no more is read than somebody looks at."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode
from strawberry import Info
from strawberry.utils.str_converters import to_camel_case

from ecoctrl_gql.api.node import READS, row_of_type
from ecoctrl_gql.db.records import Columns, light_columns

Fragments = Mapping[str, FragmentDefinitionNode]

Paths = tuple[tuple[str, ...], ...]

ITSELF: Paths = ((),)
CONNECTION: Paths = (("nodes",), ("edges", "node"))

REMEMBERED = 2048

_remembered: OrderedDict[tuple[int, type[Any]], tuple[FieldNode, Columns]] = OrderedDict()


def selected_columns(info: Info[Any, Any], node: type[Any], paths: Paths = ITSELF) -> Columns:
    """
    The columns of a table that the fields selected of its type look at.

    Fields that `@skip` or `@include` leave out count as selected: reading a column in vain is no error,
    missing one would be.

    Args:
        info: The field that is being resolved.
        node: The type of the table.
        paths: Where below the field the type stands; the field gives it, or a list of it, by default.
    """
    field_nodes = info._raw_info.field_nodes
    identity = id(field_nodes[0]), node
    known = _remembered.get(identity)
    if known is not None and known[0] is field_nodes[0] and len(field_nodes) == 1:
        return known[1]
    fragments, reads = info._raw_info.fragments, _reads(node)
    fields = chain.from_iterable(_fields_at(field_nodes, path, fragments) for path in paths)
    columns = frozenset[str]().union(*(reads.get(field.name.value, ()) for field in fields))
    if len(field_nodes) == 1:  # documents are cached, so the same node comes again with the same query
        _remembered[identity] = field_nodes[0], columns
        if len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return columns


def selects(info: Info[Any, Any], *names: str) -> bool:
    """Whether any of these fields is selected right below the field that is being resolved."""
    fragments = info._raw_info.fragments
    return any(
        field.name.value in names
        for node in info._raw_info.field_nodes
        for field in fields_below(node.selection_set, fragments)
    )


def fields_below(selection_set: SelectionSetNode | None, fragments: Fragments) -> Iterator[FieldNode]:
    """The fields of a selection, those of its fragments included."""
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, FragmentSpreadNode):
            yield from fields_below(fragments[selection.name.value].selection_set, fragments)
        else:
            yield from fields_below(getattr(selection, "selection_set", None), fragments)


def _fields_at(
    nodes: Iterable[FieldNode], path: tuple[str, ...], fragments: Fragments
) -> Iterator[FieldNode]:
    """The fields selected below the fields that a path of names leads to."""
    for node in nodes:
        below = fields_below(node.selection_set, fragments)
        if path:
            head, *rest = path
            yield from _fields_at(
                (field for field in below if field.name.value == head), tuple(rest), fragments
            )
        else:
            yield from below


_reads_of: dict[type[Any], dict[str, Columns]] = {}


def _reads(node: type[Any]) -> dict[str, Columns]:
    """The columns that each field of a type looks at; all light ones where the field doesn't say."""
    if node in _reads_of:
        return _reads_of[node]
    reads = _reads_of[node] = {}
    for field in node.__strawberry_definition__.fields:
        name = field.graphql_name or to_camel_case(field.python_name)
        if READS in field.metadata:
            reads[name] = frozenset(field.metadata[READS])
        elif field.is_basic_field:
            reads[name] = frozenset((field.python_name,))
        else:
            reads[name] = light_columns(row_of_type(node))
    return reads
