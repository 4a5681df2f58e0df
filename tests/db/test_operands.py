"""Lists as the parameters of statements."""

from uuid import UUID, uuid4

import pytest

from ecoctrl_gql.db.operands import array_of
from ecoctrl_gql.db.statements import Statement

TEXTS = Statement("SELECT unnest(%(keys)s::VARCHAR[])", lambda row: row[0])
NUMBERS = Statement("SELECT unnest(%(keys)s::BIGINT[])", lambda row: row[0])
KEYS = Statement("SELECT unnest(%(keys)s::UUID[])", lambda row: row[0])


@pytest.mark.parametrize(
    "texts",
    [
        ["a"],
        ["a", "b c", "", "NULL", "null"],
        ["{a}", "a,b", "a;b", "'", "''", " a ", "\n", "é中🙂", "%s", "%(keys)s", "$1"],
        ['"'],
        ['a","b'],
        ['","', "b"],
        ["\\", "a\\", "\\n", '\\"'],
        ["a", None],
    ],
)
async def test_texts_arrive_as_they_are(db, texts):
    assert await db.fetch(TEXTS, {"keys": array_of(texts)}) == texts


@pytest.mark.parametrize("numbers", [[1], [1, -2, 0, 2**40], [1, None], []])
async def test_numbers_arrive_as_they_are(db, numbers):
    assert await db.fetch(NUMBERS, {"keys": array_of(numbers)}) == numbers


async def test_keys_arrive_as_they_are(db):
    keys = [str(uuid4()) for _ in range(3)]

    assert await db.fetch(KEYS, {"keys": array_of(keys)}) == keys
    assert await db.fetch(KEYS, {"keys": array_of(list(map(UUID, keys)))}) == keys
