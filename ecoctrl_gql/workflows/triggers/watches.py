"""Watch paths of state changes, and which watchers a change concerns."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

ANY = "*"
FORM = "objects.<uuid or *>.points.<point or *>.<key or *>"

WatcherT = TypeVar("WatcherT", bound=Hashable)


class WatchPathError(ValueError):
    """A text is no watch path; the message says why."""


@dataclass(frozen=True, slots=True)
class WatchPath:
    """Which values of which points are watched; an asterisk stands for all."""

    object_uuid: str
    point_id: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "WatchPath":
        """
        Read ``objects.<uuid|*>.points.<point|*>.<key|*>``; ``values`` may stand for ``points``.

        More parts than five are left aside, as they always were.

        Raises:
            WatchPathError: It has another form.
        """
        parts = [part.strip() for part in text.split(".")]
        if len(parts) < 5:
            raise WatchPathError(f"A watch path has five parts between dots; this one has {len(parts)}.")
        root, object_uuid, collection, point_id, key = parts[:5]
        if root != "objects" or collection not in ("points", "values") or "" in parts[:5]:
            raise WatchPathError(f"A watch path has the form {FORM}.")
        return cls(object_uuid.lower(), point_id, key)

    def matches(self, object_uuid: str, point_id: str, key: str) -> bool:
        """Whether a change of this value is watched."""
        return (
            self.object_uuid in (ANY, object_uuid.lower())
            and self.point_id in (ANY, point_id)
            and self.key in (ANY, key)
        )


class WatchIndex(Generic[WatcherT]):
    """Finds the watchers of a change in a time that does not depend on how many there are."""

    def __init__(self) -> None:
        self._watchers: defaultdict[WatchPath, dict[WatcherT, None]] = defaultdict(dict)
        self._paths: dict[WatcherT, list[WatchPath]] = {}

    def set(self, watcher: WatcherT, paths: Iterable[WatchPath]) -> None:
        """Let a watcher watch these paths, and no others any more."""
        self.remove(watcher)
        self._paths[watcher] = list(paths)
        for path in self._paths[watcher]:
            self._watchers[path][watcher] = None

    def remove(self, watcher: WatcherT) -> None:
        """Forget a watcher, if it is known."""
        for path in self._paths.pop(watcher, ()):
            self._watchers[path].pop(watcher, None)
            if not self._watchers[path]:
                del self._watchers[path]

    def watchers_of(self, object_uuid: str, point_id: str, key: str) -> list[WatcherT]:
        """Who watches this value, each once."""
        found: dict[WatcherT, None] = {}
        for parts in product((object_uuid.lower(), ANY), (point_id, ANY), (key, ANY)):
            found |= self._watchers.get(WatchPath(*parts), {})
        return list(found)
