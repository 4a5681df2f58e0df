"""What a kind of node and a kind of trigger are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args

from ecoctrl_gql.workflows.dsl.fields import RENDERED, EvaluatedField, GraphField, Shape
from ecoctrl_gql.workflows.dsl.problems import Finding
from ecoctrl_gql.workflows.dsl.shapes import GraphShape

ConfigT = TypeVar("ConfigT", bound=Shape)


class Effect(Enum):
    """What a node changes; what can't be undone decides about dry runs and repeats."""

    NONE = "none"
    DATABASE = "own database"
    OUTSIDE = "outside"


class EdgeRule(Enum):
    """Which edge is followed after a node."""

    FIRST = "the first"
    TRUE_FALSE = "the one labelled true or false"
    CASES = "the one labelled with the case, else default"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Output:
    """A field of a node's result."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class SubGraph:
    """A graph inside a config: where, and as it is written."""

    steps: tuple[str | int, ...]
    shape: GraphShape


def nothing(_: Any) -> Iterable[Any]:
    """No findings, graphs or cases."""
    return ()


@dataclass(frozen=True)
class TriggerKind(Generic[ConfigT]):
    """
    A kind of trigger.

    Attributes:
        name: Its name in `trigger.type`.
        config: The model of its config.
        check: What is wrong with a config beyond its types.
    """

    name: str
    config: type[ConfigT]
    description: str
    check: Callable[[ConfigT], Iterable[Finding]] = nothing

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """All names under which documents know it."""
        return spellings_of(self.name)


@dataclass(frozen=True)
class NodeKind(Generic[ConfigT]):
    """
    A kind of node.

    Attributes:
        name: Its name, with underscores.
        config: The model of its config.
        outputs: The fields of its result.
        effect: What running it changes.
        edges: Which edge is followed after it.
        trigger: The kind of trigger that it is; None for all that only follow.
        aliases: Other names; a hyphen always stands for an underscore.
        check: What is wrong with a config beyond its types.
        graphs: The graphs inside a config.
        cases: The labels of a config's cases, for edges by cases.
    """

    name: str
    config: type[ConfigT]
    description: str
    outputs: tuple[Output, ...] = ()
    effect: Effect = Effect.NONE
    edges: EdgeRule = EdgeRule.FIRST
    trigger: TriggerKind[Any] | None = None
    aliases: tuple[str, ...] = ()
    check: Callable[[ConfigT], Iterable[Finding]] = nothing
    graphs: Callable[[ConfigT], Iterable[SubGraph]] = nothing
    cases: Callable[[ConfigT], Iterable[str]] = nothing

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """All names under which documents know it."""
        return spellings_of(self.name, *self.aliases)

    @cached_property
    def evaluated(self) -> frozenset[str]:
        """The keys of a config whose text is an expression."""
        return evaluated_keys(self.config)

    @cached_property
    def deferred(self) -> frozenset[str]:
        """The keys of a config that are not rendered with it: expressions, and graphs inside."""
        return self.evaluated | keys_marked(self.config, GraphField)

    def read_rendered(self, config: dict[str, Any]) -> ConfigT:
        """
        The typed config of one whose templates were rendered.

        Raises:
            pydantic.ValidationError: A value that a template gave does not fit.
        """
        return self.config.model_validate(config, context=RENDERED)


def spellings_of(*names: str) -> tuple[str, ...]:
    """Names with underscores and with hyphens, each once."""
    return tuple(dict.fromkeys([*names, *(name.replace("_", "-") for name in names)]))


def evaluated_keys(model: type[Shape]) -> frozenset[str]:
    """The keys of a model's fields whose text is an expression."""
    return keys_marked(model, EvaluatedField)


def keys_marked(model: type[Shape], marker: type[Any]) -> frozenset[str]:
    """The keys of a model's fields that carry a marker, as documents write them."""
    return frozenset(
        str(field.alias)
        for field in model.model_fields.values()
        if _carries((field.annotation, *field.metadata), marker)
    )


def _carries(parts: Iterable[Any], marker: type[Any]) -> bool:
    """Whether a marker is among the parts of an annotation, at any depth."""
    return any(isinstance(part, marker) or _carries(get_args(part), marker) for part in parts)
