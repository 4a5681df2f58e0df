"""Operations made ready: what every request for them would find out anew."""

from typing import Any, cast

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
    get_operation_ast,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.types.graphql import OperationType

from ecoctrl_gql.engine.executor import ColumnarExecutor
from ecoctrl_gql.engine.variables import KnownVariables


class PreparedOperation:
    """An operation of a valid document, on the schema that it is valid for."""

    __slots__ = ("_executor", "_variables", "kind")

    def __init__(self, schema: Schema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self.kind = OperationType(operation.operation.value)
        core = schema._schema
        fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._variables = KnownVariables(core, operation.variable_definitions or ())
        # The one that those of the requests are copies of; it executes nothing itself.
        self._executor = ColumnarExecutor(
            core,
            fragments,
            {name: FragmentDetails(node, None) for name, node in fragments.items()},
            None,
            None,
            operation,
            VariableValues({}, {}),
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=cast(Any, optimized_is_awaitable),  # Strawberry types it as a mere predicate
        )

    @classmethod
    def of(cls, schema: Schema, document: DocumentNode, name: str | None) -> "PreparedOperation | None":
        """The operation with a name, or the only one; None for what has to go Strawberry's way."""
        operation = get_operation_ast(document, name)
        if operation is None or any(
            isinstance(node, FragmentDefinitionNode) and node.variable_definitions
            for node in document.definitions
        ):
            return None
        try:
            return cls(schema, document, operation)
        except (GraphQLError, TypeError):
            return None

    def executor(
        self, root: Any, context: Any, variables: dict[str, Any] | None, extensions: dict[str, Any] | None
    ) -> ColumnarExecutor | None:
        """What executes it for a request; None where variables don't fit."""
        values = self._variables.coerced(variables or {})
        if values is None:
            return None
        return self._executor.renewed(root, context, values, extensions)
