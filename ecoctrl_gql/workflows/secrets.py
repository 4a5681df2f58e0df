"""
The secrets in definitions: stored under seal, and never shown otherwise.

A definition holds a secret as the value of an ``envVars`` entry of type secret, as the secret of a webhook,
and, where an older program wrote it, as the password of a mail server. Whoever reads a definition gets the
seal in its place, and whoever saves it with the seal keeps the secret. Secrets that came past the API are
sealed when they are shown.
"""

from collections.abc import Callable
from typing import Any, Final

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.kinds.email import EMAIL
from ecoctrl_gql.workflows.dsl.kinds.triggers import WEBHOOK
from ecoctrl_gql.workflows.dsl.kinds.webhook_trigger import WEBHOOK_TRIGGER

PREFIX: Final = "sealed:"

BROKEN: Final = "A secret was sealed by another server, or with another JWT_SECRET; write it anew."

Change = Callable[[Any], Any]


def sealed(dsl: Any, keys: Keys) -> Any:
    """A copy of a definition, valid or not, with its secrets under seal; the same secret has the same."""
    return _changed(dsl, lambda value: value if _is_sealed(value) else PREFIX + keys.seal_alike(str(value)))


def check_seals(dsl: Any, keys: Keys) -> None:
    """
    See that what is under seal can be read.

    Raises:
        BadInputError: It can't, so the secret has to be written anew.
    """
    _changed(dsl, lambda value: opened(value, keys))


def opened(value: Any, keys: Keys) -> str:
    """
    A secret in the clear, whether it is under seal or not.

    Raises:
        BadInputError: The seal is another server's.
    """
    if not _is_sealed(value):
        return str(value)
    text = keys.unseal_alike(value.removeprefix(PREFIX))
    if text is None:
        raise BadInputError(BROKEN, field=("input", "dsl"))
    return text


def holds_part(text: Any) -> bool:
    """Whether a text holds a seal as a part of it, which nobody can open there."""
    return isinstance(text, str) and PREFIX in text and not _is_sealed(text)


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def _changed(dsl: Any, change: Change) -> Any:
    if not isinstance(dsl, dict):
        return dsl
    made = _graph(dsl, change)
    if isinstance(dsl.get("envVars"), list):
        made["envVars"] = [_env_var(each, change) for each in dsl["envVars"]]
    trigger = dsl.get("trigger")
    if isinstance(trigger, dict) and trigger.get("type") in WEBHOOK.spellings:
        made["trigger"] = {**trigger, "config": _with(trigger.get("config"), "secret", change)}
    return made


def _graph(graph: dict[str, Any], change: Change) -> dict[str, Any]:
    nodes = graph.get("nodes")
    return (
        {**graph, "nodes": [_node(node, change) for node in nodes]} if isinstance(nodes, list) else {**graph}
    )


def _node(node: Any, change: Change) -> Any:
    config = node.get("config") if isinstance(node, dict) else None
    if not isinstance(config, dict):
        return node
    kind = node.get("type")
    if kind in WEBHOOK_TRIGGER.spellings:
        config = _with(config, "secret", change)
    elif kind in EMAIL.spellings:
        config = _with(config, "smtpPass", change)
    elif isinstance(config.get("body"), dict) and isinstance(config["body"].get("nodes"), list):
        config = {**config, "body": _graph(config["body"], change)}
    elif isinstance(config.get("branches"), list):
        branches = [_graph(each, change) if isinstance(each, dict) else each for each in config["branches"]]
        config = {**config, "branches": branches}
    return {**node, "config": config}


def _env_var(var: Any, change: Change) -> Any:
    if isinstance(var, dict) and var.get("type") == "secret":
        return _with(var, "value", change)
    return var


def _with(config: Any, key: str, change: Change) -> Any:
    """A copy in which a secret that is there is changed; an empty one is none."""
    value = config.get(key) if isinstance(config, dict) else None
    if value is None or value == "":
        return config
    return {**config, key: change(value)}
