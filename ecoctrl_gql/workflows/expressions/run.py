"""What a function sees of the evaluation that it is called in."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ecoctrl_gql.workflows.expressions.environment import Environment
from ecoctrl_gql.workflows.expressions.limits import Meter
from ecoctrl_gql.workflows.expressions.scope import Scope
from ecoctrl_gql.workflows.expressions.values import Value


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation, or one rendering of a value with all its templates."""

    scope: Scope
    environment: Environment
    meter: Meter = field(default_factory=Meter)


Body: TypeAlias = Callable[..., Value]
"""Takes the run, a method's receiver, and arguments that are undefined by default."""


class Builtin(NamedTuple):
    body: Body
    most: int | None

    def __call__(self, run: Run, arguments: list[Value]) -> Value:
        """As in JavaScript, arguments too many are ignored; the texts among them are paid for."""
        run.meter.spend(sum(len(each) for each in arguments if isinstance(each, str)))
        return self.body(run, *arguments[: self.most])


def builtins(bodies: Mapping[str, Body]) -> dict[str, Builtin]:
    return {name: Builtin(body, _most(body)) for name, body in bodies.items()}


def _most(body: Body) -> int | None:
    """How many arguments after the run a function takes; None for any number."""
    parameters = inspect.signature(body).parameters.values()
    variadic = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
    return None if variadic else len(parameters) - 1
