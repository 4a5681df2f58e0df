"""The short way for operations that are known already."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, cast

import strawberry
from graphql import ExecutionResult as GraphQLExecutionResult
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe
from typing_extensions import override

from ecoctrl_gql.engine.executor import ColumnarExecutor
from ecoctrl_gql.engine.operations import Operation, OperationCache


class PreparedSchema(strawberry.Schema):
    """
    A schema that goes straight to the executor with a text that it has found valid before.

    Strawberry asks each extension at each stage of each request, which costs a small query a quarter of
    its time. Where an `OperationCache` is the only extension and the engine is on, a known text has
    nothing to ask but whether the caller is admitted. Everything else, errors included, goes Strawberry's
    way.
    """

    @override
    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        operation = self._known(query, operation_name, allowed_operation_types)
        if operation is not None and self._admits(operation, operation_name, context_value):
            executor = ColumnarExecutor.build(
                self._schema,
                operation.document,
                root_value,
                context_value,
                variable_values,
                operation_name,
                is_awaitable=cast(Any, optimized_is_awaitable),  # Strawberry types it as a mere predicate
                operation_extensions=operation_extensions,
            )
            if not isinstance(executor, list):  # else variables that don't fit
                result = cast(GraphQLExecutionResult, await await_maybe(executor.execute_operation()))
                if result.errors:
                    self._process_errors(result.errors, None)
                return ExecutionResult(data=result.data, errors=result.errors)
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )

    def _known(
        self, query: str | None, name: str | None, allowed: Iterable[OperationType] | None
    ) -> Operation | None:
        cache = self._only_extension
        operation = cache.valid(self, query) if cache is not None and query else None
        if operation is None:
            return None
        kind = operation.kind(name)
        if kind is None or (allowed is not None and OperationType(kind.value) not in allowed):
            return None
        return operation

    def _admits(self, operation: Operation, name: str | None, context: Any) -> bool:
        admit = cast(OperationCache, self._only_extension).admit
        return admit is None or not admit(self, operation.document, name, context)

    @cached_property
    def _only_extension(self) -> OperationCache | None:
        """The operation cache, if there is no other extension and the engine is on."""
        extensions: list[Any] = list(self.extensions)
        alone = len(extensions) == 1 and isinstance(extensions[0], OperationCache)
        return extensions[0] if alone and self.execution_context_class is ColumnarExecutor else None
