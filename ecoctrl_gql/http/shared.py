"""
Subscriptions to events: whoever asks the same with the same rights shares one execution and one text.

Strawberry begins the operation as always (limits, validation, access, arguments) and is then relieved of it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Hashable, Sequence
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from strawberry.types import ExecutionResult as StrawberryResult

from ecoctrl_gql.errors import EcoctrlError, UnavailableError
from ecoctrl_gql.events.events import Event
from ecoctrl_gql.events.fields import AFTER, SINCE, Source
from ecoctrl_gql.events.following import Following
from ecoctrl_gql.events.outbox import IteratedOutbox, Outbox
from ecoctrl_gql.http.results import result_body


class OperationShape:
    """What one operation makes of events, executed with the rights of whoever asked for it first."""

    def __init__(self, schema: Any, source: Source) -> None:
        self.interest = source.interest
        self._schema = schema
        self._source = source
        self._executor = copy(source.executor)
        self._executor.context_value = source.executor.context_value.for_events()

    async def payloads(self, events: Sequence[Event]) -> list[bytes]:
        self._executor.context_value.forget_reads()
        results = await asyncio.gather(*map(self._result, events)) if events else []
        if any(_is_away(error) for result in results for error in result.errors or ()):
            raise UnavailableError("The database can't be reached just now.")
        return [self._payload(result) for result in results]

    async def _result(self, event: Event) -> ExecutionResult:
        executor = self._executor.build_per_event_executor(self._source.told(event))
        result = executor.execute_operation(False)
        return cast(ExecutionResult, await result if isinstance(result, Awaitable) else result)

    def _payload(self, result: ExecutionResult) -> bytes:
        if result.errors:
            self._schema._process_errors(result.errors, None)
        return orjson.dumps(result_body(StrawberryResult(data=result.data, errors=result.errors)))


def graphql_error(error: EcoctrlError) -> GraphQLError:
    return GraphQLError(error.message, original_error=error, extensions=error.extensions)


def _is_away(error: GraphQLError) -> bool:
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return isinstance(cause, UnavailableError)


def group_key(source: Source, variables: dict[str, Any] | None) -> Hashable:
    """What two subscriptions have in common whose payloads are the same to the letter."""
    executor, context = source.executor, source.executor.context_value
    looks = _Looks(TypeInfo(executor.schema))
    for definition in (executor.operation, *executor.fragment_definitions.values()):
        visit(definition, TypeInfoVisitor(looks.types, looks))
    told = {name: value for name, value in (variables or {}).items() if name in looks.variables}
    personal = source.interest.owner is not None or not looks.parents <= source.types
    return (
        executor.operation,
        orjson.dumps(told, option=orjson.OPT_SORT_KEYS),
        context.role,
        context.caller.user_id if personal and context.caller is not None else None,
    )


class _Looks(Visitor):
    """The types that an operation looks at, and its variables but for those that say where to begin."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.parents: set[str] = set()
        self.variables: set[str] = set()

    def enter_field(self, *_: Any) -> None:
        field, parent = self.types.get_field_def(), self.types.get_parent_type()
        if parent is not None:
            self.parents.add(parent.name)
        if field is not None and isinstance(found := get_named_type(field.type), GraphQLObjectType):
            self.parents.add(found.name)

    def enter_argument(self, node: Any, *_: Any) -> Any:
        parent = self.types.get_parent_type()
        begins = node.name.value in (AFTER, SINCE) and getattr(parent, "name", None) == "Subscription"
        return Visitor.SKIP if begins else None

    def enter_variable_definition(self, *_: Any) -> Any:
        return Visitor.SKIP

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.variables.add(node.name.value)


@dataclass
class SharedResult(StrawberryResult):
    """A result as text; ``data`` and ``errors`` stand in it."""

    text: bytes = b""


async def shared_results(
    schema: Any, results: Any, variables: dict[str, Any] | None, stalled: Callable[[], None]
) -> AsyncGenerator[StrawberryResult, None]:
    """The results of a subscription; of one to events, those that are shared with others."""
    first, whole = await first_result(results)
    if first is None or not isinstance(first.data, Source):
        async for result in whole:
            yield result
        return
    await whole.aclose()
    outbox = IteratedOutbox(stalled)
    subscription = SharedSubscription(schema, first.data, variables, outbox)
    try:
        async for payloads in outbox:
            for payload in payloads:
                yield SharedResult(data=None, errors=None, text=payload)
    except EcoctrlError as error:
        yield StrawberryResult(data=None, errors=[graphql_error(error)])
    finally:
        subscription.cancel()


async def first_result(results: AsyncIterator[Any]) -> tuple[Any, AsyncGenerator[Any, None]]:
    """The first result of a stream, or the source behind it, and the stream with all its results."""
    first = await anext(results, None)

    async def whole() -> AsyncGenerator[Any, None]:
        async with aclosing(cast(Any, results)):
            if first is not None:
                yield first
            async for result in results:
                yield result

    return first, whole()


class SharedSubscription:
    """
    A subscription whose payloads are shared, from its beginning until it is cancelled.

    Args:
        schema: The schema.
        source: What is followed.
        variables: The operation's variables, as they came.
        outbox: Where payloads go.
    """

    __slots__ = ("_following", "_outbox")

    def __init__(self, schema: Any, source: Source, variables: dict[str, Any] | None, outbox: Outbox) -> None:
        stream = source.executor.context_value.events
        group = stream.group(group_key(source, variables), lambda: OperationShape(schema, source))
        self._outbox = outbox
        self._following = Following(stream, group, outbox)
        self._following.begin(source.place)

    def cancel(self) -> None:
        self._following.end()
        self._outbox.stop()

    def __await__(self) -> Generator[Any, None, None]:
        """Whoever awaits it as a task finds that nothing is left to be done."""
        return
        yield
