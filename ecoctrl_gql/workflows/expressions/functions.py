"""The functions that expressions can call."""

from datetime import datetime
from typing import Final

from ecoctrl_gql.workflows.expressions import dates
from ecoctrl_gql.workflows.expressions.coercion import filled_text, integer, json_text, number, text
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST
from ecoctrl_gql.workflows.expressions.numbers import WHITESPACE, parse_float, parse_int
from ecoctrl_gql.workflows.expressions.run import Run, builtins
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, adopt, truthy


def now(run: Run, pattern: Value = UNDEFINED) -> str:
    """The present: in UTC by ISO 8601, or in a format and the environment's time zone."""
    present = run.environment.now()
    if pattern is UNDEFINED:
        return dates.iso(present)
    return _shown(run, present.astimezone(run.environment.zone), pattern)


def date(run: Run, value: Value = UNDEFINED, pattern: Value = UNDEFINED) -> str:
    time = dates.time_of(value, run.environment.zone)
    return dates.iso(time) if pattern is UNDEFINED else _shown(run, time, pattern)


def _shown(run: Run, time: datetime, pattern: Value) -> str:
    return dates.shown(time, text(run.meter, pattern))


def whole_number(run: Run, value: Value = UNDEFINED, radix: Value = UNDEFINED) -> float:
    """In base 10 unless told otherwise, also of ``0x10``."""
    return parse_int(text(run.meter, value), integer(run.meter, radix, 10) or 10)


def leading_number(run: Run, value: Value = UNDEFINED) -> float:
    return parse_float(text(run.meter, value))


def as_text(run: Run, *values: Value) -> str:
    return text(run.meter, values[0]) if values else ""


def as_number(run: Run, *values: Value) -> float:
    return number(run.meter, values[0]) if values else 0.0


def keyed(run: Run, items: Value = UNDEFINED, key: Value = UNDEFINED, value: Value = UNDEFINED) -> Value:
    """An object of a list of objects, by one of their fields; items without it are left out."""
    key_field, value_field = text(run.meter, key), text(run.meter, value)
    result: dict[str, Value] = {}
    for item in map(adopt, items if isinstance(items, list) else ()):
        run.meter.spend(VALUE_COST)
        name = adopt(item.get(key_field)) if isinstance(item, dict) else None
        if name is not None and name is not UNDEFINED:
            result[text(run.meter, name)] = item.get(value_field, UNDEFINED)
    return result


def length(run: Run, value: Value = UNDEFINED) -> int:
    """Of a list or an object its items, of all else the characters of its text; 0 for what is missing."""
    return len(value if isinstance(value, list | dict) else filled_text(run.meter, value))


def coalesce(_: Run, *values: Value) -> Value:
    """The first that is neither missing nor null nor an empty text, else the last."""
    present = (value for value in values if value is not UNDEFINED and value is not None and value != "")
    return next(present, values[-1] if values else UNDEFINED)


def _cased(run: Run, value: Value, *, upper: bool) -> str:
    source = filled_text(run.meter, value)
    return source.upper() if upper else source.lower()


FUNCTIONS: Final = builtins(
    {
        "now": now,
        "timestamp": lambda run: dates.milliseconds(run.environment.now()),
        "date": date,
        "uuid": lambda run: run.environment.uuid(),
        "parseInt": whole_number,
        "parseFloat": leading_number,
        "String": as_text,
        "Number": as_number,
        "Boolean": lambda _, value=UNDEFINED: truthy(value),
        "json": lambda run, value=UNDEFINED: json_text(run.meter, value),
        "map": keyed,
        "upper": lambda run, value=UNDEFINED: _cased(run, value, upper=True),
        "lower": lambda run, value=UNDEFINED: _cased(run, value, upper=False),
        "trim": lambda run, value=UNDEFINED: filled_text(run.meter, value).strip(WHITESPACE),
        "length": length,
        "coalesce": coalesce,
    }
)
