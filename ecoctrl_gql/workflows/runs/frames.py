"""What the expressions and templates of a graph see while it runs."""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.enums import StepStatus
from ecoctrl_gql.workflows.dsl.document import Document, Graph, Node
from ecoctrl_gql.workflows.expressions import OFFERED_SETTINGS, Environment, Scope, compile_expression
from ecoctrl_gql.workflows.runs.steps import Step
from ecoctrl_gql.workflows.secrets import opened
from ecoctrl_gql.workflows.templates import render


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What all graphs of a run have in common.

    Attributes:
        trigger: What started the run.
        settings: The server's settings that workflows may read, by their names.
        constants: The workflow's own values.
        secrets: The workflow's own secrets.
        environment: The clock, the time zone, and where new ids come from.
    """

    trigger: Any
    settings: Mapping[str, str]
    constants: Mapping[str, Any]
    secrets: Mapping[str, str]
    environment: Environment

    @classmethod
    def of(
        cls,
        document: Document,
        trigger: Any,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        environment: Environment,
    ) -> "Surroundings":
        return cls(
            trigger=trigger,
            settings=settings,
            constants={var.key: var.value for var in document.env_vars if var.type != "secret"},
            secrets=secrets,
            environment=environment,
        )


@dataclass(slots=True)
class Frame:
    """
    A graph that runs: a loop's pass and a branch have one each.

    Attributes:
        graph: The graph.
        path: Where it runs, as the begin of its nodes' paths.
        around: What all graphs of the run have in common.
        variables: The variables; a pass of a loop shares them, a branch has a copy until it ends.
        nodes: What the nodes gave that have run, those of the graphs around it behind its own.
    """

    graph: Graph
    path: str
    around: Surroundings
    variables: dict[str, Any] = field(default_factory=dict)
    nodes: ChainMap[str, Any] = field(default_factory=ChainMap)

    def inside(self, graph: Graph, path: str, variables: dict[str, Any]) -> "Frame":
        """The frame of a graph inside this one."""
        return Frame(graph, path, self.around, variables, self.nodes.new_child())

    def path_of(self, node_id: str) -> str:
        """The path of a node; signs that mean something in paths are written as JSON pointers do."""
        return self.path + node_id.replace("~", "~0").replace("/", "~1").replace("@", "~2")

    @property
    def scope(self) -> Scope:
        around = self.around
        return Scope(
            trigger=around.trigger,
            variables=self.variables,
            nodes=self.nodes,
            settings=around.settings,
            constants=around.constants,
            secrets=around.secrets,
            node_ids=self.graph.nodes,
        )

    def evaluate(self, expression: str) -> Any:
        """The value of an expression. Raises ExpressionError."""
        scope = self.scope
        return compile_expression(expression, scope).evaluate(scope, self.around.environment)

    def holds(self, expression: str) -> bool:
        """Whether an expression counts as true; an empty one does not. Raises ExpressionError."""
        scope = self.scope
        return bool(expression.strip()) and compile_expression(expression, scope).holds(
            scope, self.around.environment
        )

    def config_of(self, node: Node) -> dict[str, Any]:
        """A node's config, templates rendered; expressions and graphs stay. Raises ExpressionError."""
        kept = node.kind.deferred | {"outputs"}
        scope = self.scope
        return {
            key: value if key in kept else render(value, scope, self.around.environment)
            for key, value in node.raw_config.items()
        }

    def see(self, node: Node, step: Step) -> None:
        """
        Let expressions see what a node gave, under all names that documents have for it.

        The fields of the result stand for themselves and under ``raw``; under ``output`` stands what the
        config's ``outputs`` keep of them.

        Raises:
            ExpressionError: ``outputs`` can't be worked out.
        """
        result = dict(step.result or {})
        self.nodes[node.id] = {
            "_meta": {
                "nodeId": node.id,
                "nodeName": node.name,
                "nodeType": node.kind.name,
                "status": step.status,
            },
            "input": step.input,
            "output": self.kept_of(node, result),
            "raw": result,
            **result,
        }

    def restore(self, node: Node, step: Step) -> None:
        """Let the graph see what a step came to, as it did when the step was taken. Raises as `see`."""
        if step.status is StepStatus.SKIPPED:
            self.nodes[node.id] = {}
        elif step.status is StepStatus.FAILED:
            self.nodes[node.id] = {"error": step.error, **(step.result or {})}
        else:
            self.see(node, step)
        variables = (step.state or {}).get("variables")
        if node.kind.name == "variable" and step.status is StepStatus.COMPLETED and step.result is not None:
            variables = step.result["vars"]
        if variables is not None:
            kept = dict(variables)
            self.variables.clear()
            self.variables.update(kept)

    def kept_of(self, node: Node, result: Mapping[str, Any]) -> Any:
        """What a node's ``outputs`` keep of its result; all of it where they say nothing."""
        outputs = node.config.outputs
        if outputs is None:
            return result
        if isinstance(outputs, str):
            value = self._part(outputs, result)
            return value if isinstance(value, dict) else {"value": value}
        return {key: self._part(part, result) for key, part in outputs.items()}

    def _part(self, part: Any, result: Mapping[str, Any]) -> Any:
        if not isinstance(part, str):
            return part
        scope = Scope(trigger=self.around.trigger, variables={**self.variables, **result, "raw": result})
        if "{{" in part:
            return render(part, scope, self.around.environment)
        return compile_expression(part, scope).evaluate(scope, self.around.environment)


def secrets_of(document: Document, keys: Keys) -> dict[str, str]:
    """
    A workflow's own secrets in the clear, by their names.

    Raises:
        BadInputError: One is under the seal of another server.
    """
    return {
        var.key: opened(var.value, keys)
        for var in document.env_vars
        if var.type == "secret" and var.value is not None
    }


def offered_settings(settings: Settings) -> dict[str, str]:
    """The server's settings that workflows may read; none of them opens anything."""
    values = {name: getattr(settings, name.lower(), None) for name in OFFERED_SETTINGS}
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if value is not None
    }
