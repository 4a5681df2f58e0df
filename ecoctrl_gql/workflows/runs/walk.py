"""
The walk of a run through its workflow.

A walk begins at the begin, however often its run was cut short: what the journal holds is taken from there,
and what is not yet there is done, kept, and only then followed by the next. So a run goes on wherever it was
cut, in whatever process, and the same journal always leads to the same place.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ecoctrl_gql.db.enums import StepStatus
from ecoctrl_gql.errors import UnavailableError
from ecoctrl_gql.workflows.dsl.document import Document, Node
from ecoctrl_gql.workflows.dsl.fields import GraphField
from ecoctrl_gql.workflows.dsl.kinds.delay import DelayConfig
from ecoctrl_gql.workflows.dsl.registry import keys_marked
from ecoctrl_gql.workflows.nodes import ACTIONS
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.runs.containers import CONTAINERS
from ecoctrl_gql.workflows.runs.control import CONTROL, label_of
from ecoctrl_gql.workflows.runs.failures import FAILURES, given_by, message_of
from ecoctrl_gql.workflows.runs.frames import Frame, Surroundings
from ecoctrl_gql.workflows.runs.hands import Hands
from ecoctrl_gql.workflows.runs.limits import Limits
from ecoctrl_gql.workflows.runs.retrying import Retries, Then, after_failure, next_try
from ecoctrl_gql.workflows.runs.steps import Journal, RunFailedError, RunSuspendedError, Step
from ecoctrl_gql.workflows.runs.values import MAX_GIVEN_BYTES, storable, storable_text


@dataclass(frozen=True, slots=True)
class Done:
    """What a node gave, and the node to go on with where its failure says so."""

    step: Step
    goto: str | None = None


class Walk:
    """
    One walk of one run.

    Args:
        document: The workflow.
        journal: Where steps are kept.
        around: What expressions see.
        hands: Do what nodes do, or only tell it.
        now: The time.
        deadline: When the run has taken too long.
    """

    def __init__(
        self,
        document: Document,
        journal: Journal,
        around: Surroundings,
        hands: Hands,
        now: Callable[[], datetime],
        deadline: datetime | None = None,
    ) -> None:
        self.journal = journal
        self.now = now
        self._document, self._around, self._hands = document, around, hands
        self._limits = Limits(journal, now, deadline)

    async def go(self, start_node_id: str | None = None) -> Any:
        """
        Go on to the end.

        Returns:
            The output of the end that was reached; an empty object where none was.

        Raises:
            RunSuspendedError: It goes on later.
            RunFailedError: A node failed, and nothing caught it.
            RunLostError, RunStoppedError: As `Journal.note`.
        """
        graph = self._document.graph
        start = graph.nodes.get(start_node_id) if start_node_id else graph.entry
        if start is None:
            raise RunFailedError(f"There is no node {start_node_id or 'to begin with'}.")
        return await self.through(Frame(graph, "", self._around), start)

    async def through(self, frame: Frame, node: Node | None) -> Any:
        """Walk through a graph from a node on; gives the output of its end. Raises as `go`."""
        visited: set[str] = set()
        graph = frame.graph
        while node is not None and node.id not in visited:
            visited.add(node.id)
            done = await self._take(frame, node)
            result = done.step.result or {}
            if node.kind.name == "end" and done.goto is None:
                return result.get("output", {})
            if done.goto is not None:
                node = graph.nodes.get(done.goto)
                continue
            edge = graph.edge_after(node.id, label_of(node, result))
            node = None if edge is None else graph.nodes.get(edge.target)
        return {}

    async def _take(self, frame: Frame, node: Node) -> Done:
        """Attempt a node until it is done or given up."""
        path, attempt = frame.path_of(node.id), 1
        while True:
            step = self.journal.find(path, attempt)
            if step is None or step.status in (StepStatus.RUNNING, StepStatus.WAITING):
                self._limits.check()
                step = await self._attempt(frame, node, path, attempt, step)
            else:
                frame.restore(node, step)
            match step.status:
                case StepStatus.COMPLETED | StepStatus.SKIPPED:
                    return Done(step)
                case _ if step.due_at is not None:
                    self._limits.wait_until(step.due_at)
                    attempt += 1
                case _ if node.on_error and node.on_error.action == "goto":
                    return Done(step, goto=node.on_error.goto_node_id or "")
                case _:
                    origin = (step.state or {}).get("nodeId") or node.id
                    raise RunFailedError(f"{node.name}: {step.error}", origin)

    async def _attempt(self, frame: Frame, node: Node, path: str, attempt: int, begun: Step | None) -> Step:
        step = begun or Step(
            path, attempt, node.id, node.name, node.kind.name, StepStatus.RUNNING, started_at=self.now()
        )
        config: Any = None
        try:
            given = self._given(frame, node, begun)
            step = replace(step, input=given)
            config = node.kind.read_rendered({**_graphs_of(node), **given})
            async with asyncio.timeout(self._limits.seconds_left(node, step)):
                return await self._act(frame, node, step, config, begun)
        except UnavailableError:
            raise  # the database is away, which is no fault of the node
        except RunSuspendedError as error:
            raise RunSuspendedError(min(error.until, self._limits.ends(node, step) or error.until)) from None
        except FAILURES as error:
            return await self._fail(frame, node, step, config, error)

    def _given(self, frame: Frame, node: Node, begun: Step | None) -> dict[str, Any]:
        """
        The config that an attempt is given, without graphs inside.

        One that was cut short is given the same again: whoever is called twice with one key hears the same.
        """
        if begun is not None and isinstance(begun.input, dict):
            return begun.input
        rendered = frame.config_of(node)
        given: dict[str, Any] = storable(
            {key: value for key, value in rendered.items() if key not in _graphs_of(node)}, MAX_GIVEN_BYTES
        )
        return given

    async def _act(self, frame: Frame, node: Node, step: Step, config: Any, begun: Step | None) -> Step:
        kind = node.kind.name
        if kind in CONTROL:
            return await self.complete(frame, node, step, CONTROL[kind](node, config, frame))
        if kind == "delay":
            return await self._delay(frame, node, step, config, begun)
        if kind in CONTAINERS:
            return await CONTAINERS[kind](self, frame, node, step, config, begun)
        action = ACTIONS.get(kind)
        if action is None:
            raise NodeFailure(f"Nodes of type {kind} can't run here.")
        finished = self._finished(frame, node, step)
        return await self._hands.act(action, config, step, self.journal, finished, begun=begun is not None)

    async def complete(
        self,
        frame: Frame,
        node: Node,
        step: Step,
        result: dict[str, Any],
        state: dict[str, Any] | None = None,
    ) -> Step:
        """Keep what a node gave."""
        done = self._finished(frame, node, replace(step, state=state))(result)
        await self.journal.note(done)
        return done

    def _finished(self, frame: Frame, node: Node, step: Step) -> Callable[[Any], Step]:
        """Makes the step of a result; the graph sees it from then on."""

        def finished(result: Any) -> Step:
            done = replace(
                step,
                status=StepStatus.COMPLETED,
                result=storable(result),
                completed_at=self.now(),
                due_at=None,
            )
            frame.restore(node, done)
            return done

        return finished

    async def _delay(
        self, frame: Frame, node: Node, step: Step, config: DelayConfig, begun: Step | None
    ) -> Step:
        wait_ms = config.duration_ms or 0
        due = begun.due_at if begun is not None and begun.due_at is not None else None
        if due is None:
            due = step.started_at + timedelta(milliseconds=wait_ms)
            if due > self.now():
                await self.journal.note(replace(step, status=StepStatus.WAITING, due_at=due))
        self._limits.wait_until(due)
        return await self.complete(frame, node, step, {"delayedMs": wait_ms})

    async def _fail(self, frame: Frame, node: Node, step: Step, config: Any, error: Exception) -> Step:
        retries, now = Retries.of(node, config), self.now()
        then = after_failure(node, retries, step.attempt)
        failed = replace(
            step,
            status=StepStatus.SKIPPED if then is Then.SKIP else StepStatus.FAILED,
            completed_at=now,
            due_at=next_try(node, retries, step.attempt, now) if then is Then.RETRY else None,
            result=given_by(error),
            state=self._state_of(frame, node, step, error),
            error=storable_text(message_of(error, node)),
        )
        await self.journal.note(failed)
        frame.restore(node, failed)
        return failed

    def _state_of(self, frame: Frame, node: Node, step: Step, error: Exception) -> dict[str, Any] | None:
        """What is kept of a loop or branches that failed, for the walk behind them and for a redone run."""
        if not node.graphs:
            return None
        begun = self.journal.find(step.path, step.attempt)
        within = error.__cause__.node_id if isinstance(error.__cause__, RunFailedError) else None
        kept = (begun and begun.state) or {}
        return {**kept, "variables": dict(frame.variables), "nodeId": within or node.id}


def _graphs_of(node: Node) -> dict[str, Any]:
    """The part of a node's config that is run, and never rendered as a whole."""
    if not node.graphs:
        return {}
    return {
        key: node.raw_config[key]
        for key in keys_marked(node.kind.config, GraphField)
        if key in node.raw_config
    }
