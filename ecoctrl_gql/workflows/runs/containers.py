"""The nodes that run graphs inside them: loops and parallel branches."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.dsl.kinds.loop import DEFAULT_ITERATIONS, LoopConfig
from ecoctrl_gql.workflows.dsl.kinds.parallel import ParallelConfig
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.runs.frames import Frame
from ecoctrl_gql.workflows.runs.steps import RunFailedError, RunSuspendedError, Step

if TYPE_CHECKING:
    from ecoctrl_gql.workflows.runs.walk import Walk

DEFAULT_ITEM = "item"
FAIL_FAST, WAIT, IGNORE = "fail_fast", "wait", "ignore"


async def loop(
    walk: "Walk", frame: Frame, node: Node, step: Step, config: LoopConfig, begun: Step | None
) -> Step:
    """Run the body for each item, or while the condition holds; the passes share the run's variables."""
    items = _kept(begun, "items") if begun else config.items
    if begun is None:
        await walk.journal.note(replace(step, state={"items": items}))
    results: list[Any] = []
    for index, values in _passes(walk, frame, config, items, _inside(step)):
        frame.variables.update(values)
        body = frame.inside(node.graphs[0], f"{_inside(step)}{index}/", frame.variables)
        try:
            results.append(await walk.through(body, body.graph.entry))
        except RunFailedError as error:
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
    before = dict(frame.variables)
    if begun is None:
        await walk.journal.note(replace(step, state={}))
    frames = [
        frame.inside(graph, f"{_inside(step)}{index}/", dict(before))
        for index, graph in enumerate(node.graphs)
    ]
    results = await _together(
        [asyncio.ensure_future(walk.through(each, each.graph.entry)) for each in frames],
        config.failure_policy or WAIT,
    )
    after = dict(before)
    for each in frames:
        after.update({key: value for key, value in each.variables.items() if before.get(key, each) != value})
    return await walk.complete(frame, node, step, {"branches": results}, {"variables": after})


async def _together(tasks: Sequence[asyncio.Future[Any]], policy: str) -> list[Any]:
    """
    Wait for the branches.

    Raises:
        NodeFailure: One failed, and the policy minds.
        RunSuspendedError: Some wait; until the first of them goes on.
    """
    try:
        await asyncio.wait(
            tasks, return_when=asyncio.FIRST_EXCEPTION if policy == FAIL_FAST else asyncio.ALL_COMPLETED
        ) if tasks else None
        errors = [task.exception() for task in tasks if task.done()]
        failed = [(index, error) for index, error in enumerate(errors) if isinstance(error, RunFailedError)]
        others = [
            error for error in errors if error and not isinstance(error, RunFailedError | RunSuspendedError)
        ]
        if others:
            raise others[0]
        if failed and policy == FAIL_FAST:
            raise _failure(*failed[0]) from failed[0][1]
        waits = await _waits(tasks)
        if waits:
            raise RunSuspendedError(min(waits))
        if failed and policy != IGNORE:
            raise _failure(*failed[0]) from failed[0][1]
        return [{"error": str(error)} if (error := task.exception()) else task.result() for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _waits(tasks: Sequence[asyncio.Future[Any]]) -> list[Any]:
    """Until when branches wait, once none is running any more."""
    settled = await asyncio.gather(*tasks, return_exceptions=True)
    return [error.until for error in settled if isinstance(error, RunSuspendedError)]


def _failure(index: int, error: BaseException) -> NodeFailure:
    return NodeFailure(f"In branch {index + 1}, {error}")


def _inside(step: Step) -> str:
    """The begin of the paths inside: another attempt of the node runs its graphs anew."""
    return f"{step.path}/" if step.attempt == 1 else f"{step.path}@{step.attempt}/"


def _kept(step: Step, key: str) -> Any:
    return (step.state or {}).get(key)


Container = Callable[["Walk", Frame, Node, Step, Any, Step | None], Awaitable[Step]]

CONTAINERS: Final[Mapping[str, Container]] = {"loop": loop, "parallel": parallel}
