"""The reason for the engine: a large answer takes at most a tenth of stock execution's CPU."""

import datetime as dt
import time
from typing import Any

import strawberry
from engine_support import Pair

from ecoctrl_gql.engine import OperationCache

ROUNDS = 7
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Record:
    __slots__ = ("hour", "id", "k_wh", "reading_at")

    def __init__(self, index: int) -> None:
        self.id = f"r{index}"
        self.hour = index % 24
        self.k_wh = index / 8
        self.reading_at = START + dt.timedelta(hours=index)


READINGS = [Record(index) for index in range(1000)]


@strawberry.type
class Reading:
    id: strawberry.ID
    hour: int
    k_wh: float
    reading_at: dt.datetime


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Reading])
    async def readings(self, first: int) -> list[Record]:
        return READINGS[:first]


async def cpu_seconds(schema: strawberry.Schema) -> tuple[float, Any]:
    query = "query ($n: Int!) { readings(first: $n) { id hour kWh readingAt } }"
    started = time.process_time()
    result = await schema.execute(query, variable_values={"n": 1000})
    spent = time.process_time() - started
    assert result.errors is None
    return spent, result.data


async def test_a_thousand_rows_take_at_most_a_tenth_of_stocks_cpu() -> None:
    pair = Pair(query=Query, extensions=[OperationCache()])
    stock, engine = [], []
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets both
        spent, expected = await cpu_seconds(pair.stock)
        stock.append(spent)
        for _ in range(3):
            spent, data = await cpu_seconds(pair.columnar)
            engine.append(spent)
        assert data == expected

    # The least of each is what the work itself takes; whatever disturbs a run only adds to it.
    assert min(engine) <= min(stock) / 10
