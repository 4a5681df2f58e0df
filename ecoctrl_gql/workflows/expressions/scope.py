"""The names that an expression can use."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, adopt

OFFERED_SETTINGS: Final = frozenset(
    {
        "APP_ID",
        "BASE_URL",
        "CORS_ORIGIN",
        "ECOCTRL_ENV",
        "PUBLIC_URL",
        "SMTP_HOST",
        "SMTP_PORT",
        "SMTP_SECURE",
        "WEATHER_LAT",
        "WEATHER_LNG",
        "WEATHER_LOCATION",
    }
)
"""The server's settings that a workflow may read as ``env.NAME``; none of them opens anything."""

NAMESPACES: Final = frozenset({"vars", "env", "var", "secret"})
"""Names whose members are names themselves."""

RESERVED: Final = NAMESPACES | {"trigger"}


@dataclass(frozen=True, slots=True)
class Scope:
    """
    What a workflow's expressions see; values are JSON, and are never changed.

    Attributes:
        trigger: ``trigger``: what fired the run.
        variables: ``vars.NAME``, and NAME alone where no node has that id.
        nodes: By their ids, what the nodes gave that have run.
        settings: ``env.NAME``: the server's settings; only the offered ones are shown, whatever it holds.
        constants: ``var.NAME``: the workflow's own constants, before the server's settings.
        secrets: ``secret.NAME``: the workflow's own secrets; they can only be named one by one.
        node_ids: All ids of the workflow's nodes, so that ``http-1`` is one before it has run.
    """

    trigger: Any = UNDEFINED
    variables: Mapping[str, Any] = field(default_factory=dict)
    nodes: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    node_ids: Container[str] = ()

    def __contains__(self, node_id: object) -> bool:
        return node_id in self.nodes or node_id in self.node_ids

    def value_of(self, name: str) -> Value:
        """The value of a name; undefined where nobody has it. The reserved names come first, then nodes."""
        match name:
            case "trigger":
                value = self.trigger
            case "vars":
                value = self.variables
            case "env":
                value = self._offered()
            case "var":
                value = {**self._offered(), **self.constants}
            case "secret":
                value = self.secrets
            case _:
                value = self.nodes.get(name, self.variables.get(name, UNDEFINED))
        return adopt(value)

    def _offered(self) -> dict[str, str]:
        return {name: value for name, value in self.settings.items() if name in OFFERED_SETTINGS}
