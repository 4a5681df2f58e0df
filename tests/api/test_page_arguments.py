"""What a list's arguments may be, and what is said of those that can't be."""

from base64 import urlsafe_b64encode
from typing import Any

import orjson
import pytest

from ecoctrl_gql.api.cursors import encode_cursor
from ecoctrl_gql.db.keyset import Order
from tests.factories import NOON

ALERTS = """query($first: Int, $after: String, $last: Int, $before: String) {
  alerts(first: $first, after: $after, last: $last, before: $before) { nodes { id } } }"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": 1001}, "first and last can be 0 to 1000, not 1001."),
        ({"first": 100_000}, "first and last can be 0 to 1000, not 100000."),
        ({"first": -1}, "first and last can be 0 to 1000, not -1."),
        ({"last": -5}, "first and last can be 0 to 1000, not -5."),
        ({"last": 1001}, "first and last can be 0 to 1000, not 1001."),
        ({"first": 1, "last": 1}, "Give either first or last, not both."),
    ],
)
async def test_numbers_out_of_range_are_refused(arguments, message, shared_gql):
    answer = await shared_gql(ALERTS, **arguments)

    assert [error["message"] for error in answer.errors] == [message]
    assert answer.codes == ["BAD_USER_INPUT"]
    assert shared_gql.statements == []


async def test_a_number_beyond_32_bits_is_refused(shared_gql):
    answer = await shared_gql(ALERTS, first=2**40)

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_null_is_as_good_as_nothing(shared_gql):
    nulls = "first: null, last: null, after: null, before: null, filter: null, orderBy: null"

    answer = await shared_gql(f"{{ alerts({nulls}) {{ totalCount }} }}")

    assert answer.data == {"alerts": {"totalCount": 0}}


def cursor_of(place: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


UUID_TEXT = "0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52"
FORGED = {
    "empty": "",
    "garbage": "%%%",
    "no base64 behind a good beginning": cursor_of(["alerts time desc", NOON, UUID_TEXT]) + "!",
    "not JSON": urlsafe_b64encode(b"alerts").decode(),
    "not text": urlsafe_b64encode(b"\xff\xfe").decode(),
    "a word beyond ASCII": "能源",
    "a number": cursor_of(5),
    "too short": cursor_of(["alerts time desc", NOON]),
    "too long": cursor_of(["alerts time desc", NOON, UUID_TEXT, 1]),
    "no time": cursor_of(["alerts time desc", "soon", UUID_TEXT]),
    "a number for a time": cursor_of(["alerts time desc", 7, UUID_TEXT]),
    "a null that can't be": cursor_of(["alerts time desc", None, UUID_TEXT]),
    "no uuid": cursor_of(["alerts time desc", NOON, "x"]),
    "no key": cursor_of(["alerts time desc", NOON, None]),
    "a list for a key": cursor_of(["alerts time desc", NOON, []]),
}


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED)
async def test_what_is_no_cursor_is_refused(cursor, side, shared_gql):
    answer = await shared_gql(ALERTS, **{side: cursor})

    assert [error["message"] for error in answer.errors] == ["This is no cursor of this API."]
    assert answer.codes == ["BAD_USER_INPUT"]
    assert shared_gql.statements == []


@pytest.mark.parametrize(
    "place",
    [
        ["faults time desc", NOON, UUID_TEXT],
        ["alerts time asc", NOON, UUID_TEXT],
        ["alerts device desc", "Chiller 1", UUID_TEXT],
        ["alerts", None, None],
        [1, 2, 3],
        {"a": 1, "b": 2, "c": 3},
    ],
)
async def test_a_cursor_of_another_list_or_order_is_refused(place, shared_gql):
    answer = await shared_gql(ALERTS, after=cursor_of(place))

    assert [error["message"] for error in answer.errors] == [
        "This cursor is of another list or another order; begin again without it."
    ]
    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("value", [True, "7", 2**40, 1e300, [], None])
async def test_a_number_in_a_cursor_must_fit_its_column(value, shared_gql):
    for list_name, order, key in (
        ("carbonFactorNodes", "sort_order", UUID_TEXT),
        ("carbonFactors", "value", UUID_TEXT),
    ):
        table = {"carbonFactorNodes": "carbon_factor_nodes", "carbonFactors": "carbon_factors"}[list_name]
        query = f"""query($after: String) {{
          {list_name}(after: $after, orderBy: {{field: {order.upper()}}}) {{ nodes {{ id }} }} }}"""

        answer = await shared_gql(query, after=cursor_of([f"{table} {order} asc", value, key]))

        assert answer.codes == ([] if (list_name, value) == ("carbonFactors", 2**40) else ["BAD_USER_INPUT"])


async def test_an_honest_cursor_stays_good_when_its_row_is_gone(gql, make):
    alert = await make.alert()
    cursor = encode_cursor(alert, Order("time", descending=True))
    await gql.db.repositories().alerts.delete(alert.id)

    answer = await gql(ALERTS, after=cursor)

    assert answer.errors == []
    assert answer.data["alerts"]["nodes"] == []


READINGS = """query($first: Int, $last: Int) { energyReadings(first: $first, last: $last) {
  totalCount nodes { databaseId } pageInfo { hasNextPage hasPreviousPage } } }"""


async def test_pages_of_readings_hold_a_year(gql):
    async with gql.db.connection() as connection:
        await connection.execute(
            "INSERT INTO energy_readings (hour, k_wh, reading_at)"
            " SELECT '12:00', 0.1, '2026-06-01T12:00Z' FROM generate_series(1, 10001)"
        )

    answer = await gql(READINGS, first=10_000)
    default = await gql(READINGS)
    refused = await gql(READINGS, last=10_001)

    found = answer.data["energyReadings"]
    numbers = [node["databaseId"] for node in found["nodes"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(set(numbers)), found["totalCount"]) == (10_000, 10_001)
    assert found["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    assert len(default.data["energyReadings"]["nodes"]) == 50
    assert refused.errors[0]["message"] == "first and last can be 0 to 10000, not 10001."
