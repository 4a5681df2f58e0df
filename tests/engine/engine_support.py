"""Running the same operation on stock graphql-core and on the engine."""

from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.types import ExecutionResult

from ecoctrl_gql.engine import ColumnarExecutor
from ecoctrl_gql.engine.plans import PlanCache

ErrorKey = tuple[str, tuple[str | int, ...], tuple[tuple[int, int], ...]]


@dataclass
class Answer:
    """What a client sees, and the order in which resolvers noted something in the context."""

    data: Any
    errors: list[ErrorKey]
    log: list[str] = field(default_factory=list)

    @property
    def error_set(self) -> set[ErrorKey]:
        return set(self.errors)


def answer(result: ExecutionResult, log: list[str]) -> Answer:
    errors = [
        (error.message, tuple(error.path or ()), tuple((at.line, at.column) for at in error.locations or ()))
        for error in result.errors or []
    ]
    return Answer(result.data, errors, log)


class Pair:
    """One set of types as two schemas: stock and columnar."""

    def __init__(self, **arguments: Any) -> None:
        self.stock = strawberry.Schema(**arguments)
        self.columnar = strawberry.Schema(**arguments, execution_context_class=ColumnarExecutor)

    async def run(self, query: str, variables: dict[str, Any] | None = None) -> tuple[Answer, Answer]:
        answers = []
        for schema in (self.stock, self.columnar):
            log: list[str] = []
            result = await schema.execute(query, variable_values=variables, context_value={"log": log})
            answers.append(answer(result, log))
        return answers[0], answers[1]


class PlanCounter:
    """Counts which operations had a plan."""

    def __init__(self) -> None:
        self.planned = 0
        self.left_to_stock = 0

    def install(self, monkeypatch: Any) -> "PlanCounter":
        find = PlanCache.find

        def counted(cache: PlanCache, executor: Any) -> Any:
            plan = find(cache, executor)
            self.planned += plan is not None
            self.left_to_stock += plan is None
            return plan

        monkeypatch.setattr(PlanCache, "find", counted)
        return self
