"""The nodes that run graphs inside them: loops and parallel branches."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.dsl.kinds.loop import DEFAULT_ITERATIONS, LoopConfig
from ecoctrl_gql.workflows.dsl.kinds.parallel import ParallelConfig
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.runs.frames import Frame
from ecoctrl_gql.workflows.runs.steps import RunFailedError, RunSuspendedError, Step
from ecoctrl_gql.workflows.runs.values import MAX_GIVEN_BYTES, storable

if TYPE_CHECKING:
    from ecoctrl_gql.workflows.runs.walk import Walk

DEFAULT_ITEM = "item"
FAIL_FAST, WAIT, IGNORE = "fail_fast", "wait", "ignore"


async def loop(
    walk: "Walk", frame: Frame, node: Node, step: Step, config: LoopConfig, begun: Step | None
) -> Step:
    """Run the body for each item, or while the condition holds; the passes share the run's variables."""
    items = _kept(begun, "items") if begun else storable(config.items, MAX_GIVEN_BYTES)
    if begun is None:
        await walk.journal.note(replace(step, state={"items": items}))
    results: list[Any] = []
    for index, values in _passes(walk, frame, config, items, _inside(step)):
        frame.variables.update(values)
        body = frame.inside(node.graphs[0], f"{_inside(step)}{index}/", frame.variables)
        try:
            results.append(await walk.through(body, body.graph.entry))
        except RunFailedError as error:
            if error.node_id is None:
                raise
            if config.failure_policy != IGNORE:
                raise NodeFailure(f"In pass {index + 1}, {error}") from error
            results.append({"error": str(error)})
    return await walk.complete(
        frame,
        node,
        step,
        {"iterations": len(results), "results": results},
        {"variables": dict(frame.variables)},
    )


def _passes(
    walk: "Walk", frame: Frame, config: LoopConfig, items: Any, inside: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    most = DEFAULT_ITERATIONS if config.max_iterations is None else config.max_iterations
    if config.mode != "while":
        for index, item in enumerate((items or [])[:most]):
            yield index, {config.item_var or DEFAULT_ITEM: item, "index": index}
        return
    for index in range(most):
        # a pass that has begun has begun, whatever the condition would say by now
        if not walk.journal.has_below(f"{inside}{index}/") and not frame.holds(config.condition or ""):
            return
        yield index, {"index": index}


async def parallel(
    walk: "Walk", frame: Frame, node: Node, step: Step, config: ParallelConfig, begun: Step | None
) -> Step:
    """
    Run the branches at the same time.

    Each has variables of its own, which begin as those of the run; what it changes counts behind the node, a
    later branch before an earlier one.
    """
    if begun is None:
        await walk.journal.note(replace(step, state={}))
    branches = Branches(walk, frame, node, _inside(step), config.failure_policy or WAIT)
    results = await branches.run()
    return await walk.complete(frame, node, step, {"branches": results}, {"variables": branches.variables})


class Branches:
    """
    Graphs that run at the same time, each from the begin of its journal.

    A branch whose wait is over goes on while others are still at work; the run waits only where all do.
    """

    def __init__(self, walk: "Walk", frame: Frame, node: Node, inside: str, policy: str) -> None:
        self._walk, self._frame, self._node = walk, frame, node
        self._inside, self._policy = inside, policy
        self._before = dict(frame.variables)
        self._frames: dict[int, Frame] = {}
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._waits: dict[int, datetime] = {}
        self._results: dict[int, Any] = {}
        self._failed: dict[int, RunFailedError] = {}

    async def run(self) -> list[Any]:
        """
        Run all of them; gives their results in order.

        Raises:
            NodeFailure: One failed, and the policy minds.
            RunSuspendedError: Some wait, and no other runs; until the first of them goes on.
        """
        try:
            for index in range(len(self._node.graphs)):
                self._begin(index)
            while self._tasks:
                await self._some()
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._waits:
            raise RunSuspendedError(min(self._waits.values()))
        if self._failed and self._policy != IGNORE:
            self._fail(min(self._failed))
        return [self._results[index] for index in range(len(self._node.graphs))]

    @property
    def variables(self) -> dict[str, Any]:
        """The variables behind the branches."""
        after = dict(self._before)
        for _, frame in sorted(self._frames.items()):
            changed = {
                key: value for key, value in frame.variables.items() if self._before.get(key, self) != value
            }
            after.update(changed)
        return after

    def _begin(self, index: int) -> None:
        graph = self._node.graphs[index]
        frame = self._frame.inside(graph, f"{self._inside}{index}/", dict(self._before))
        self._frames[index] = frame
        self._tasks[index] = asyncio.ensure_future(self._walk.through(frame, graph.entry))

    async def _some(self) -> None:
        """Wait until a branch ends or can go on."""
        left = (min(self._waits.values()) - self._walk.now()).total_seconds() if self._waits else None
        await asyncio.wait(
            self._tasks.values(),
            timeout=None if left is None else max(0.0, left),
            return_when=asyncio.FIRST_COMPLETED,
        )
        for index in [index for index, task in self._tasks.items() if task.done()]:
            self._take(index, self._tasks.pop(index))
        for index in [index for index, until in self._waits.items() if until <= self._walk.now()]:
            if self._tasks:  # else the run waits, and begins them all again
                del self._waits[index]
                self._begin(index)

    def _take(self, index: int, task: asyncio.Task[Any]) -> None:
        match task.exception():
            case None:
                self._results[index] = task.result()
            case RunSuspendedError() as error:
                self._waits[index] = error.until
            case RunFailedError(node_id=str()) as error:
                self._failed[index], self._results[index] = error, {"error": str(error)}
                if self._policy == FAIL_FAST:
                    self._fail(index)
            case error:  # it is about the whole run
                raise error

    def _fail(self, index: int) -> None:
        error = self._failed[index]
        raise NodeFailure(f"In branch {index + 1}, {error}") from error


def _inside(step: Step) -> str:
    """The begin of the paths inside: another attempt of the node runs its graphs anew."""
    return f"{step.path}/" if step.attempt == 1 else f"{step.path}@{step.attempt}/"


def _kept(step: Step, key: str) -> Any:
    return (step.state or {}).get(key)


Container = Callable[["Walk", Frame, Node, Step, Any, Step | None], Awaitable[Step]]

CONTAINERS: Final[Mapping[str, Container]] = {"loop": loop, "parallel": parallel}
