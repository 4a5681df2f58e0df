"""
Random operations on stock execution and on the engine.

A failure prints its seed; ``ENGINE_FUZZ_SEED=<seed>`` runs that one again, alone.
"""

import gc
import inspect
import os
import warnings
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

import pytest
from engine_fuzz import Operation, Thing, World
from graphql import ExecutionResult, execute, parse
from graphql.execution.incremental import IncrementalExecutor

from ecoctrl_gql.engine import Columnar

ROUNDS, OPERATIONS_A_ROUND = 5, 250
Path = tuple[str | int, ...]


@dataclass
class Outcome:
    """What came of an operation, without the exceptions, which would keep frames alive."""

    data: Any
    errors: dict[Path, set[tuple[str, Path]]]
    root_calls: list[str]
    orphans: int


async def run(seed: int, executor_class: Any) -> Outcome:
    world = World(seed)
    operation = Operation(world)
    result = execute(
        world.schema,
        parse(operation.text),
        Thing("root", "Query"),
        variable_values=operation.variables,
        executor_class=executor_class,
    )
    if inspect.isawaitable(result):
        result = await result
    assert isinstance(result, ExecutionResult)
    calls = world.log if operation.is_mutation else []
    return Outcome(result.data, errors_by_position(result), calls, orphans(world))


def orphans(world: World) -> int:
    """How many coroutines of resolvers were never run to their end."""
    states = [inspect.getcoroutinestate(coroutine) for coroutine in world.coroutines]
    for coroutine in world.coroutines:
        coroutine.close()
    return len(states) - states.count(inspect.CORO_CLOSED)


def errors_by_position(result: ExecutionResult) -> dict[Path, set[tuple[str, Path]]]:
    positions: dict[Path, set[tuple[str, Path]]] = {}
    for error in result.errors or []:
        path = tuple(error.path or ())
        positions.setdefault(nulled_at(result.data, path), set()).add((error.message, path))
    return positions


def nulled_at(data: Any, path: Path) -> Path:
    """The position on the path that is null: the path itself, or where the null propagated to."""
    for depth, key in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[key]
    assert data is None
    return path


async def run_stock(seeds: list[int]) -> list[Outcome]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # stock execution leaves coroutines behind
        outcomes = [await run(seed, IncrementalExecutor) for seed in seeds]
        gc.collect()
    return outcomes


def assert_same(seed: int, columnar: Outcome, stock: Outcome) -> None:
    hint = f"ENGINE_FUZZ_SEED={seed}: {Operation(World(seed)).text}"
    assert columnar.data == stock.data, hint
    assert columnar.errors.keys() == stock.errors.keys(), hint
    for position, errors in stock.errors.items():
        if all(path == position for _, path in errors):  # else any of several may have been kept
            assert columnar.errors[position] == errors, hint
    assert columnar.root_calls == stock.root_calls, hint
    assert columnar.orphans == 0, hint


# Stock execution's own coroutines may outlive the block that expects them; ours are counted as orphans.
@pytest.mark.filterwarnings("ignore:coroutine 'Executor:RuntimeWarning")
async def test_random_operations_answer_as_stock() -> None:
    if "ENGINE_FUZZ_SEED" in os.environ:
        seed = int(os.environ["ENGINE_FUZZ_SEED"])
        (stock,) = await run_stock([seed])
        assert_same(seed, await run(seed, Columnar), stock)
        return
    with_errors = 0
    first = SystemRandom().randrange(10**9)
    for start in range(first, first + ROUNDS * OPERATIONS_A_ROUND, OPERATIONS_A_ROUND):
        seeds = list(range(start, start + OPERATIONS_A_ROUND))
        for seed, stock in zip(seeds, await run_stock(seeds), strict=True):
            assert_same(seed, await run(seed, Columnar), stock)
            with_errors += bool(stock.errors)
    gc.collect()
    assert with_errors > ROUNDS * OPERATIONS_A_ROUND / 4
