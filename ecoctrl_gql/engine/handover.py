"""Handing the execution of a subscription's events over to whoever shares it among subscribers."""

from typing import Any, cast

from graphql import ExecutionResult
from graphql.execution import Executor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Handover:
    """
    The only event of a source whose events are to be executed elsewhere.

    The result of the operation has it as its data, with the executor, which executes an event by
    ``executor.build_per_event_executor(event).execute_operation(False)``.
    """

    executor: Executor[Any]


class HandsOver(Executor[Any]):
    """An executor that lets itself be handed over."""

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        if not isinstance(payload, Handover):
            return super().build_per_event_executor(payload)
        payload.executor = self
        return cast("Executor[Any]", _Given(payload))


class _Given:
    """Stands for the executor of the handover itself."""

    def __init__(self, handover: Handover) -> None:
        self._handover: Any = handover

    def execute_operation(self, serially: bool) -> ExecutionResult:
        del serially
        return ExecutionResult(data=self._handover, errors=None)


class StockExecutor(HandsOver, StrawberryGraphQLCoreExecutionContext):
    """graphql-core's own execution, for ``strawberry.Schema(execution_context_class=...)``."""
