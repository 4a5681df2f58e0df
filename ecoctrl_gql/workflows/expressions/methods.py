"""The methods that values have, by their names and the kinds of values."""

import math
from collections import defaultdict
from typing import Any, Final

from ecoctrl_gql.workflows.expressions import numbers
from ecoctrl_gql.workflows.expressions.coercion import integer, json_text, text
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST
from ecoctrl_gql.workflows.expressions.operators import strictly_equal
from ecoctrl_gql.workflows.expressions.run import Body, Builtin, Run, builtins
from ecoctrl_gql.workflows.expressions.text_methods import TEXT_METHODS, span
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, adopt, kind


def index_of(run: Run, items: list[Any], wanted: Value = UNDEFINED, start: Value = UNDEFINED) -> int:
    first = span(run, start, UNDEFINED, len(items)).start
    return next((index for index in range(first, len(items)) if _is(run, items[index], wanted)), -1)


def last_index_of(run: Run, items: list[Any], wanted: Value = UNDEFINED, start: Value = UNDEFINED) -> int:
    last = integer(run.meter, start, len(items) - 1)
    last = min(last if last >= 0 else last + len(items), len(items) - 1)
    return next((index for index in range(last, -1, -1) if _is(run, items[index], wanted)), -1)


def includes(run: Run, items: list[Any], wanted: Value = UNDEFINED, start: Value = UNDEFINED) -> bool:
    """Like ``indexOf``, but finds NaN as well."""
    first = span(run, start, UNDEFINED, len(items)).start
    if _is_nan(wanted):
        run.meter.spend(VALUE_COST * len(items))
        return any(_is_nan(item) for item in items[first:])
    return index_of(run, items, wanted, first) >= 0


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is(run: Run, item: object, wanted: Value) -> bool:
    run.meter.spend(VALUE_COST)
    return strictly_equal(run.meter, adopt(item), wanted)


def part(run: Run, items: list[Any], start: Value = UNDEFINED, end: Value = UNDEFINED) -> list[Any]:
    run.meter.spend(VALUE_COST * len(items))
    return items[span(run, start, end, len(items))]


def concat(run: Run, items: list[Any], *others: Value) -> list[Any]:
    """The items, then the others; of a list its items."""
    lists = [items, *(other if isinstance(other, list) else [other] for other in others)]
    run.meter.spend(VALUE_COST * sum(map(len, lists)))
    return [item for each in lists for item in each]


def to_text(run: Run, number: float, radix: Value = UNDEFINED) -> str:
    return numbers.in_radix(number, integer(run.meter, radix, 10))


def to_precision(run: Run, number: float, count: Value = UNDEFINED) -> str:
    if count is UNDEFINED:
        return numbers.text_of_number(number)
    return numbers.to_precision(number, integer(run.meter, count))


LIST_METHODS: Final[dict[str, Body]] = {
    "toString": lambda run, items: text(run.meter, items),
    "slice": part,
    "includes": includes,
    "indexOf": index_of,
    "lastIndexOf": last_index_of,
    "concat": concat,
}

NUMBER_METHODS: Final[dict[str, Body]] = {
    "toString": to_text,
    "toFixed": lambda run, number, places=UNDEFINED: numbers.to_fixed(number, integer(run.meter, places)),
    "toPrecision": to_precision,
}

OTHER_METHODS: Final[dict[str, Body]] = {"toString": lambda run, value: text(run.meter, value)}

BY_KIND: Final[dict[str, dict[str, Body]]] = {
    "text": TEXT_METHODS,
    "list": LIST_METHODS,
    "number": NUMBER_METHODS,
    "boolean": OTHER_METHODS,
    "object": {"toString": lambda run, value: json_text(run.meter, value)},
}


def _by_name() -> dict[str, dict[str, Builtin]]:
    methods: dict[str, dict[str, Builtin]] = defaultdict(dict)
    for each_kind, bodies in BY_KIND.items():
        for name, method in builtins(bodies).items():
            methods[name][each_kind] = method
    return dict(methods)


METHODS: Final = _by_name()


def call_method(run: Run, name: str, receiver: Value, arguments: list[Value]) -> Value:
    """
    What a value's method gives.

    Raises:
        ExpressionError: Values of this kind have no such method.
    """
    method = METHODS[name].get(kind(receiver))
    if method is None:
        kinds = " and ".join(METHODS[name])
        raise ExpressionError(
            f"{name}() is a method of {kinds}, and this is {kind(receiver)}", _hint(receiver)
        )
    return method(run, [receiver, *arguments])


def _hint(receiver: Value) -> str:
    if receiver is None or receiver is UNDEFINED:
        return 'Where a value may be missing, write coalesce(value, "").'
    return "String(value) makes a text of any value."
