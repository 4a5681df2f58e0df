"""The short way for operations that are known already."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import strawberry
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from typing_extensions import override

from ecoctrl_gql.engine.executor import ColumnarExecutor
from ecoctrl_gql.engine.operations import OperationCache


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
        executor = self._executor(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )
        if executor is not None:
            result = await executor.result()
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

    def _executor(
        self,
        query: str | None,
        variables: dict[str, Any] | None,
        context: Any,
        root: Any,
        name: str | None,
        allowed: Iterable[OperationType] | None,
        extensions: dict[str, Any] | None,
    ) -> ColumnarExecutor | None:
        """What executes a known text for a caller who is admitted and whose variables fit, else None."""
        cache = self._only_extension
        operation = cache.valid(self, query) if cache is not None and query else None
        if cache is None or operation is None:
            return None
        prepared = operation.prepared(self, name)
        if prepared is None or (allowed is not None and prepared.kind not in allowed):
            return None
        if cache.admit is not None and cache.admit(self, operation.document, name, context):
            return None
        return prepared.executor(root, context, variables, extensions)

    @cached_property
    def _only_extension(self) -> OperationCache | None:
        """The operation cache, if there is no other extension and the engine is on."""
        extensions: list[Any] = list(self.extensions)
        alone = len(extensions) == 1 and isinstance(extensions[0], OperationCache)
        return extensions[0] if alone and self.execution_context_class is ColumnarExecutor else None
