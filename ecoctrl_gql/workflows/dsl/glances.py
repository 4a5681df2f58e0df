"""What lists show of a document, read without looking at the rest of it."""

from collections.abc import Iterator
from typing import Any, Final

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.workflows.dsl.kinds import KIND_BY_SPELLING, TRIGGER_BY_SPELLING

MAX_TAGS: Final = 50


def trigger_types_of(dsl: Any) -> list[TriggerType]:
    """The kinds of triggers that start a workflow, each once, in the order of the document."""
    return list(dict.fromkeys(TriggerType(kind) for kind, _ in _triggers(dsl)))


def tags_of(dsl: Any) -> list[str]:
    """The labels that the triggers of a document carry, each once."""
    tags = (tag for _, config in _triggers(dsl) for tag in _tags(config))
    return list(dict.fromkeys(tags))[:MAX_TAGS]


def _triggers(dsl: Any) -> Iterator[tuple[str, Any]]:
    """The kind and config of each trigger; a start counts where the document has no trigger at its top."""
    if not isinstance(dsl, dict):
        return
    own = dsl.get("trigger")
    if isinstance(own, dict) and (kind := TRIGGER_BY_SPELLING.get(str(own.get("type")))):
        yield kind.name, own.get("config")
    nodes = dsl.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        found = KIND_BY_SPELLING.get(str(node.get("type"))) if isinstance(node, dict) else None
        if found is not None and found.trigger and not (own and found.name == "start"):
            yield found.trigger.name, node.get("config")


def _tags(config: Any) -> Iterator[str]:
    tags = config.get("tags") if isinstance(config, dict) else None
    for tag in tags if isinstance(tags, list) else [tags]:
        if isinstance(tag, str) and tag.strip():
            yield tag.strip()
