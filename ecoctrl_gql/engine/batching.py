"""
Batch resolvers: one function over all parents of a field.

The engine calls the function once for a column. Whoever asks for a single parent's value (stock
execution, a permission class or another extension around the field) gets it from the resolver derived
here; the calls of an async function that come together are still made one.
"""

import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from inspect import Parameter, Signature, iscoroutinefunction
from typing import Annotated, Any, TypeAlias, cast, get_args

from strawberry import Info
from strawberry.parent import StrawberryParent
from strawberry.types.fields.resolver import Signature as StrawberrySignature

from ecoctrl_gql.engine.coalescing import coalesced
from ecoctrl_gql.engine.leaves import Column

BatchFunction: TypeAlias = Callable[..., Sequence[Any] | Awaitable[Sequence[Any]]]
AnyInfo: TypeAlias = Info[Any, Any]

_GENERIC = re.compile(r"[\w.]+\[(.*)\]", re.DOTALL)


def batched(function: BatchFunction) -> Callable[..., Any]:
    """
    Make a Strawberry resolver of a function over all parents.

    ``@strawberry.field(graphql_type=list[Child])`` over ``@batched`` over ``async def children(nodes:
    Sequence[NodeRecord], info: Info, first: int = 20) -> list[list[ChildRecord]]``. The first parameter
    receives the parents, the others are the field's arguments and, if wanted, ``info``, whose path is
    that of the first parent. The function may be async. It returns one value for each parent in the same
    order; an exception among them is the error of its parent, one that it raises is the error of all.

    Raises:
        TypeError: The function has no parameter for the parents, or calls it ``self``.
    """
    signature = StrawberrySignature.from_callable(function)
    names = list(signature.parameters)
    if not names or names[0] == "self":
        raise TypeError(f"{function.__qualname__} needs a first parameter, not called self, for the parents")
    parents, *others = signature.parameters.values()
    batch = Batch(function, wants_info="info" in signature.parameters)

    @wraps(function)
    def resolve(info: AnyInfo, **keywords: Any) -> Any:
        (value,) = batch.call([keywords.pop(parents.name)], info, keywords)
        return value

    @wraps(function)
    async def resolve_async(info: AnyInfo, **keywords: Any) -> Any:
        return await coalesced(batch.call_async, info, keywords.pop(parents.name), keywords)

    resolver: Any = resolve_async if batch.is_async else resolve
    resolver.__batch__ = batch
    if not batch.wants_info:
        others.append(Parameter("info", Parameter.KEYWORD_ONLY, annotation=AnyInfo))
    # Strawberry reads the field's type and arguments from the signature.
    resolver.__signature__ = signature.replace(
        parameters=[parents.replace(annotation=Annotated[Any, StrawberryParent()]), *others],
        return_annotation=_item(signature.return_annotation),
    )
    return cast("Callable[..., Any]", resolver)


class Batch:
    """A function over all parents of a field."""

    __slots__ = ("_function", "is_async", "wants_info")

    def __init__(self, function: BatchFunction, wants_info: bool) -> None:
        self._function: Callable[..., Any] = function
        self.wants_info = wants_info
        self.is_async = iscoroutinefunction(function)

    @staticmethod
    def of(resolver: Callable[..., Any]) -> "Batch | None":
        """The batch that a resolver was derived from, if it was."""
        batch: Batch | None = getattr(resolver, "__batch__", None)
        return batch

    def column(
        self, parents: Column, info: AnyInfo | None, keywords: dict[str, Any]
    ) -> Column | Coroutine[Any, Any, Column]:
        """The values for all parents; if the function raises, its exception is that of each."""
        if self.is_async:
            return self._column_async(parents, info, keywords)
        try:
            return self.call(parents, info, keywords)
        except Exception as error:  # becomes the error of every cell
            return [error] * len(parents)

    async def _column_async(self, parents: Column, info: AnyInfo | None, keywords: dict[str, Any]) -> Column:
        try:
            return await self.call_async(parents, info, keywords)
        except Exception as error:  # becomes the error of every cell
            return [error] * len(parents)

    def call(self, parents: Column, info: AnyInfo | None, keywords: dict[str, Any]) -> Column:
        return self._one_for_each(parents, self._function(list(parents), **self._with(info, keywords)))

    async def call_async(self, parents: Column, info: AnyInfo | None, keywords: dict[str, Any]) -> Column:
        return self._one_for_each(parents, await self._function(list(parents), **self._with(info, keywords)))

    def _with(self, info: AnyInfo | None, keywords: dict[str, Any]) -> dict[str, Any]:
        return {**keywords, "info": info} if self.wants_info else keywords

    def _one_for_each(self, parents: Column, values: Sequence[Any]) -> Column:
        column = list(values)
        if len(column) != len(parents):
            name = self._function.__qualname__
            raise RuntimeError(f"{name} returned {len(column)} values for {len(parents)} parents")
        return column


def _item(annotation: Any) -> Any:
    """What a list annotation says of its items; the text of it if it is still text."""
    if isinstance(annotation, str):
        match = _GENERIC.fullmatch(annotation.strip())
        return match[1] if match else annotation
    arguments = get_args(annotation)
    return arguments[0] if arguments else Signature.empty
