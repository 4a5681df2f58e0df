"""What differs between two documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ecoctrl_gql.db.enums import TextEnum
from ecoctrl_gql.workflows.dsl.problems import step_into


class Part(TextEnum):
    """A part of a document."""

    TRIGGER = "trigger", "What starts it."
    NODE = "node", "A node."
    EDGE = "edge", "An edge."
    ENV_VAR = "env_var", "A value or secret of its own."
    SETTINGS = "settings", "Its settings."
    DOCUMENT = "document", "Anything else."


class Change(TextEnum):
    """What happened to a part."""

    ADDED = "added", "It is new."
    REMOVED = "removed", "It is gone."
    CHANGED = "changed", "It is another."


@dataclass(frozen=True, slots=True)
class Difference:
    """
    A part of a document that was added, removed or changed.

    Attributes:
        id: The id of a node or edge, the key of an environment variable; None for parts without.
        path: Where it stands, in the document that has it.
        before: The part as it was; None where it was added.
        after: The part as it is; None where it was removed.
        changed_paths: For a changed part: where in the document, as deep as the change can be told.
    """

    part: Part
    change: Change
    id: str | None
    path: str
    before: Any
    after: Any
    changed_paths: tuple[str, ...] = ()


_LISTS: Final = (("nodes", Part.NODE, "id"), ("edges", Part.EDGE, "id"), ("envVars", Part.ENV_VAR, "key"))
_OBJECTS: Final = (("trigger", Part.TRIGGER), ("settings", Part.SETTINGS))
_MISSING: Final = object()


def diff(before: Any, after: Any) -> list[Difference]:
    """
    What differs between two documents, valid or not, that are within the limits of size.

    Nodes and edges are the same where their ids are; their order counts for nothing, and neither does the
    position of a node in an editor. A change inside a loop body or a branch is one of its node.
    """
    old, new = _as_object(before), _as_object(after)
    found: list[Difference] = []
    for key, part in _OBJECTS:
        found.extend(_compare(part, None, key, _present(old, key), _present(new, key)))
    for key, part, id_key in _LISTS:
        found.extend(_compare_lists(part, key, _by_id(old.get(key), id_key), _by_id(new.get(key), id_key)))
    known = {key for key, *_ in (*_OBJECTS, *_LISTS)}
    for key in dict.fromkeys([*old, *new]):
        if key not in known:
            found.extend(
                _compare(Part.DOCUMENT, None, step_into("", key), _present(old, key), _present(new, key))
            )
    return found


def _as_object(document: Any) -> Mapping[str, Any]:
    return document if isinstance(document, dict) else {}


def _present(document: Mapping[str, Any], key: str) -> Any:
    """A part of a document; null counts as no part."""
    value = document.get(key)
    return _MISSING if value is None else value


def _by_id(items: Any, id_key: str) -> dict[str | int, Any]:
    """The items by id; those without one, or with one that is taken, by their number."""
    found: dict[str | int, Any] = {}
    for index, item in enumerate(items if isinstance(items, list) else []):
        id_ = item.get(id_key) if isinstance(item, dict) else None
        found[id_ if isinstance(id_, str) and id_ not in found else index] = item
    return found


def _compare_lists(
    part: Part, key: str, old: dict[str | int, Any], new: dict[str | int, Any]
) -> Iterator[Difference]:
    for id_ in dict.fromkeys([*old, *new]):
        name = id_ if isinstance(id_, str) else None
        yield from _compare(part, name, step_into(key, id_), old.get(id_, _MISSING), new.get(id_, _MISSING))


def _compare(part: Part, id_: str | None, path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old is _MISSING and new is _MISSING:
        return
    if old is _MISSING:
        yield Difference(part, Change.ADDED, id_, path, None, new)
    elif new is _MISSING:
        yield Difference(part, Change.REMOVED, id_, path, old, None)
    else:
        ignored = frozenset({"position"}) if part is Part.NODE else frozenset[str]()
        paths = tuple(_changed_paths(path, old, new, ignored))
        if paths:
            yield Difference(part, Change.CHANGED, id_, path, old, new, paths)


def _changed_paths(path: str, old: Any, new: Any, ignored: frozenset[str] = frozenset()) -> Iterator[str]:
    """The deepest places at which two values differ; true is not 1 here, as it isn't in JSON."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            if key not in ignored:
                yield from _changed_paths(
                    step_into(path, key), old.get(key, _MISSING), new.get(key, _MISSING)
                )
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changed_paths(step_into(path, index), one, other)
    elif isinstance(old, bool) is not isinstance(new, bool) or old != new:
        yield path
