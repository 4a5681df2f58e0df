"""The nodes that are part of the walk itself and give their result at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.dsl.kinds.condition import ConditionConfig
from ecoctrl_gql.workflows.dsl.kinds.end import EndConfig
from ecoctrl_gql.workflows.dsl.kinds.switch import DEFAULT, SwitchConfig
from ecoctrl_gql.workflows.dsl.kinds.variable import VariableConfig
from ecoctrl_gql.workflows.expressions import Scope, compile_expression
from ecoctrl_gql.workflows.runs.frames import Frame

Result = dict[str, Any]


def start(_node: Node, _config: Any, frame: Frame) -> Result:
    return {"data": frame.around.trigger}


def trigger(_node: Node, _config: Any, frame: Frame) -> Result:
    now = frame.around.environment.now().isoformat(timespec="milliseconds")
    return {"data": frame.around.trigger, "triggered": True, "timestamp": now}


def end(_node: Node, config: EndConfig, _frame: Frame) -> Result:
    return {"status": config.status or "success", "output": {} if config.output is None else config.output}


def condition(_node: Node, config: ConditionConfig, frame: Frame) -> Result:
    return {"result": frame.holds(config.expression)}


def switch(_node: Node, config: SwitchConfig, frame: Frame) -> Result:
    value = frame.evaluate(config.expression)
    for index, case in enumerate(config.cases):
        if _fits(value, case.value, case.operator or "===", frame):
            return {"value": value, "matched": case.value, "matchedIndex": index}
    return {"value": value, "matched": DEFAULT, "matchedIndex": -1}


def _fits(value: Any, case: str, operator: str, frame: Frame) -> bool:
    """Equality is loose, as documents expect that write 1 for "1"; order is that of numbers."""
    loose = {"===": "==", "!==": "!="}.get(operator, operator)
    text = f"value {loose} case" if loose in ("==", "!=") else f"Number(value) {loose} Number(case)"
    scope = Scope(variables={"value": value, "case": case})
    return compile_expression(text).holds(scope, frame.around.environment)


def variable(_node: Node, config: VariableConfig, frame: Frame) -> Result:
    new: dict[str, Any] = dict(config.set or {})
    if config.name:
        new[config.name] = config.value
    return {"vars": {**frame.variables, **new}, "setCount": len(new)}


CONTROL: Final[Mapping[str, Callable[[Node, Any, Frame], Result]]] = {
    "start": start,
    "cron_trigger": trigger,
    "webhook_trigger": trigger,
    "event_trigger": trigger,
    "state_change_trigger": trigger,
    "end": end,
    "condition": condition,
    "switch": switch,
    "variable": variable,
}
"""What each kind gives, by its name: a pure function of node, config and frame."""


def label_of(node: Node, result: Mapping[str, Any]) -> str | None:
    """The label of the edge that is followed after a node."""
    match node.kind.name:
        case "condition":
            return "true" if result.get("result") else "false"
        case "switch":
            return str(result.get("matched"))
    return None
