"""Plans by operation, for as long as they are among those used last."""

from collections.abc import Hashable, Iterator
from typing import Any, TypeAlias

from graphql import DirectiveNode, GraphQLError, SelectionSetNode, VariableNode
from graphql.execution import Executor

from ecoctrl_gql.engine.lru import LruCache
from ecoctrl_gql.engine.plan import Plan

_Key: TypeAlias = tuple[int, ...]
_MOST_VARIANTS = 16


class _Operation:
    """
    The plans of one operation, by the values of the variables in its ``@skip`` and ``@include``.

    ``kept`` are the objects whose ids are the cache's key: while they are held, no others get them.
    """

    __slots__ = ("_variables", "_variants", "kept")

    def __init__(self, executor: Executor[Any]) -> None:
        self.kept = _identity(executor)
        self._variants: dict[tuple[Hashable, ...], Plan | None] = {}
        self._variables = _condition_variables(executor)

    def plan(self, executor: Executor[Any]) -> Plan | None:
        if self._variables is None:
            return None
        values = executor.variable_values.coerced
        variant = tuple(values.get(name) for name in self._variables)
        if variant not in self._variants:
            if len(self._variants) == _MOST_VARIANTS:
                self._variants.clear()
            self._variants[variant] = _compile(executor)
        return self._variants[variant]


class PlanCache:
    """Plans by schema and operation; those of parsed documents that are kept are found again."""

    __slots__ = ("_operations",)

    def __init__(self, size: int = 512) -> None:
        self._operations: LruCache[_Key, _Operation] = LruCache(size)

    def find(self, executor: Executor[Any]) -> Plan | None:
        """The plan for the executor's operation; None if it has to be executed by graphql-core."""
        key = tuple(map(id, _identity(executor)))
        operation = self._operations.get(key)
        if operation is None:
            operation = self._operations.put(key, _Operation(executor))
        return operation.plan(executor)


def _identity(executor: Executor[Any]) -> tuple[object, ...]:
    return executor.schema, executor.operation, *executor.fragment_definitions.values()


def _compile(executor: Executor[Any]) -> Plan | None:
    root_type = executor.schema.get_root_type(executor.operation.operation)
    if root_type is None:
        return None
    try:
        return Plan(executor, root_type)
    except (GraphQLError, RecursionError):  # graphql-core knows how to report it
        return None


def _condition_variables(executor: Executor[Any]) -> list[str] | None:
    """The variables that decide which fields are selected; None if there can be no plan."""
    names: set[str] = set()
    fragments = executor.fragment_definitions.values()
    if any(fragment.variable_definitions for fragment in fragments):
        return None
    for definition in (executor.operation, *fragments):
        for directive in _directives(definition.selection_set):
            if directive.name.value in ("defer", "stream"):
                return None
            if directive.name.value in ("skip", "include"):
                values = (argument.value for argument in directive.arguments or ())
                names.update(value.name.value for value in values if isinstance(value, VariableNode))
    return sorted(names)


def _directives(selection_set: SelectionSetNode) -> Iterator[DirectiveNode]:
    for selection in selection_set.selections:
        yield from selection.directives or ()
        below = getattr(selection, "selection_set", None)
        if below is not None:
            yield from _directives(below)
