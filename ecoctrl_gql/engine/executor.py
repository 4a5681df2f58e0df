"""The executor: which operations run on a plan, and their answers."""

from collections.abc import Awaitable
from typing import Any, ClassVar, Self

from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY, CollectedErrors
from graphql.execution.incremental import IncrementalExecutor
from graphql.execution.values import VariableValues
from graphql.pyutils import AwaitableOrValue, RefMap
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from ecoctrl_gql.engine.driving import Suspended, start
from ecoctrl_gql.engine.handover import HandsOver
from ecoctrl_gql.engine.plan import Plan
from ecoctrl_gql.engine.plans import PlanCache
from ecoctrl_gql.engine.run import Run


class Columnar(IncrementalExecutor):
    """
    Executes operations breadth first, a column of values at a time.

    What has no plan (``@defer``, ``@stream``, fragment variables), what may be aborted and the start
    of subscriptions are left to graphql-core's own execution.

    Work begins when the operation is executed, not when the result is awaited: to be done at once and
    by the same task, as Strawberry does.
    """

    plans: ClassVar[PlanCache] = PlanCache()

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:
        plan = self._plan(serially)
        if plan is None:
            return super().execute_operation(serially)
        run = Run(self)
        response = start(self._respond(plan, run, self._is_serial(serially)))
        if isinstance(response, Suspended) or run.awaited:
            # Also when nothing had to wait: callers without an event loop rely on being told.
            return _awaitable(response)
        return response

    async def result(self) -> Any:
        """The result of the operation, for a caller who has an event loop and waits."""
        plan = self._plan()
        if plan is not None:
            return await self._respond(plan, Run(self, has_loop=True), self._is_serial())
        response = super().execute_operation()
        return await response if isinstance(response, Awaitable) else response

    def _plan(self, serially: bool | None = None) -> Plan | None:
        # graphql-core executes the events of a subscription as explicitly not serial.
        starts_subscription = self.operation.operation is OperationType.SUBSCRIPTION and serially is not False
        return None if starts_subscription or self.abort_signal is not None else self.plans.find(self)

    def _is_serial(self, serially: bool | None = None) -> bool:
        return self.operation.operation is OperationType.MUTATION if serially is None else serially

    async def _respond(self, plan: Plan, run: Run, serially: bool) -> Any:
        try:
            data = await plan.execute(run, serially)
        except RecursionError:
            data = None
            run.errors = [GraphQLError(SELECTIONS_NESTED_TOO_DEEPLY, self.operation)]
        self.collected_errors.errors.extend(run.errors)
        try:
            return self.build_response(data)
        finally:
            # They hold methods of the executor, which would leave each request to the garbage collector.
            del self.async_helpers


class ColumnarExecutor(HandsOver, Columnar, StrawberryGraphQLCoreExecutionContext):
    """For ``strawberry.Schema(execution_context_class=...)``; without it execution is stock."""

    def renewed(
        self, root: Any, context: Any, variables: VariableValues, extensions: dict[str, Any] | None
    ) -> Self:
        """
        The executor of another request for the same operation.

        As graphql-core makes its own sub-executors: a copy, in which all that belongs to one request is new.
        To make it from the beginning would take more than twice as long.
        """
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        other.root_value, other.context_value = root, context
        other.variable_values, other.operation_extensions = variables, extensions
        other.async_helpers = GraphQLResolveInfoHelpers(
            gather=other.gather_async_work, track=other.track_async_work
        )
        other.collected_errors = CollectedErrors()
        other.pending_incremental_futures, other.background_futures = set(), set()
        other.groups, other.tasks, other.streams = [], [], []
        other._relevant_sub_fields, other._stream_usages = {}, RefMap()
        other._initial_execution_plans, other._deferred_execution_plans = RefMap(), RefMap()
        return other


async def _awaitable(response: Suspended[ExecutionResult] | ExecutionResult) -> ExecutionResult:
    return await response if isinstance(response, Awaitable) else response
