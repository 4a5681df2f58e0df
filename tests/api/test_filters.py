"""Every operator on every kind of value, and how conditions combine."""

from datetime import date, timedelta
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.db.tables import UserRow
from tests.api.schema_walk import QUERY, SCHEMA
from tests.factories import NOON, Factories

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
async def user_ids(shared_gql) -> dict[str, str]:
    """Makes rows that are each known by one letter, and gives the ids of the users by their names."""
    make = Factories(shared_gql.db)
    users = {name: await make.user(username=name, email=f"{name}@example.org") for name in ("ann", "bob")}
    for name, mime_type in (("a", "text/plain"), ("b", "text/html"), ("c", None)):
        await make.file(name=name, mime_type=mime_type)
    for name, owner, enabled in (("a", "ann", True), ("b", "bob", False), ("c", None, True)):
        await make.workflow(name=name, user_id=users[owner].id if owner else None, enabled=enabled)
    for name, current, factor in (("a", -1, 0.1), ("b", 0, 0.7), ("c", 2_147_483_647, 1.0)):
        await make.energy_area(title=name, current=current, power_factor=factor)
    for name, level, days in (("a", "high", -1), ("b", "low", 0), ("c", "low", 1)):
        await make.alert(device=name, level=level, time=NOON + days * DAY)
    for name, completed in (("a", date(2026, 1, 1)), ("b", date(2026, 1, 2)), ("c", None)):
        await make.maintenance_reminder(task=name, last_completed=completed)
    return {name: global_id(UserRow, user.id) for name, user in users.items()}


# list, the field that shows the letter, the field to filter by, operator, value, the letters to expect
CASES: list[tuple[str, str, str, str, Any, str]] = [
    ("files", "name", "mimeType", "eq", "text/plain", "a"),
    ("files", "name", "mimeType", "ne", "text/plain", "bc"),
    ("files", "name", "mimeType", "in", ["text/plain", "text/html", "x"], "ab"),
    ("files", "name", "mimeType", "in", [], ""),
    ("files", "name", "mimeType", "notIn", ["text/plain"], "bc"),
    ("files", "name", "mimeType", "notIn", [], "abc"),
    ("files", "name", "mimeType", "contains", "EXT/h", "b"),
    ("files", "name", "mimeType", "contains", "", "ab"),
    ("files", "name", "mimeType", "startsWith", "TEXT", "ab"),
    ("files", "name", "mimeType", "startsWith", "ext", ""),
    ("files", "name", "mimeType", "isNull", True, "c"),
    ("files", "name", "mimeType", "isNull", False, "ab"),
    ("files", "name", "name", "in", ["a" * 300], ""),
    ("energyAreas", "title", "current", "eq", 0, "b"),
    ("energyAreas", "title", "current", "ne", 0, "ac"),
    ("energyAreas", "title", "current", "in", [0, -1], "ab"),
    ("energyAreas", "title", "current", "notIn", [0, -1], "c"),
    ("energyAreas", "title", "current", "lt", 0, "a"),
    ("energyAreas", "title", "current", "lte", 0, "ab"),
    ("energyAreas", "title", "current", "gt", 0, "c"),
    ("energyAreas", "title", "current", "gte", 2_147_483_647, "c"),
    ("energyAreas", "title", "current", "isNull", True, ""),
    # no sum of powers of two: the column's four bytes hold another number than the client's eight
    ("energyAreas", "title", "powerFactor", "eq", 0.1, "a"),
    ("energyAreas", "title", "powerFactor", "eq", 1, "c"),
    ("energyAreas", "title", "powerFactor", "ne", 0.7, "ac"),
    ("energyAreas", "title", "powerFactor", "in", [0.1, 0.7], "ab"),
    ("energyAreas", "title", "powerFactor", "notIn", [0.1, 0.7], "c"),
    ("energyAreas", "title", "powerFactor", "lt", 0.7, "a"),
    ("energyAreas", "title", "powerFactor", "lte", 0.7, "ab"),
    ("energyAreas", "title", "powerFactor", "gt", 0.1, "bc"),
    ("energyAreas", "title", "powerFactor", "gte", 0.7, "bc"),
    ("energyAreas", "title", "powerFactor", "isNull", False, "abc"),
    ("alerts", "device", "time", "eq", "2026-06-01T20:00:00+08:00", "b"),
    ("alerts", "device", "time", "ne", "2026-06-01T12:00:00Z", "ac"),
    ("alerts", "device", "time", "in", ["2026-06-01T12:00:00Z", "2026-06-02T12:00:00Z"], "bc"),
    ("alerts", "device", "time", "notIn", ["2026-06-01T12:00:00Z"], "ac"),
    ("alerts", "device", "time", "lt", "2026-06-01T12:00:00.000001Z", "ab"),
    ("alerts", "device", "time", "lte", "2026-06-01T12:00:00Z", "ab"),
    ("alerts", "device", "time", "gt", "2026-06-01T12:00:00Z", "c"),
    ("alerts", "device", "time", "gte", "2026-06-01T12:00:00Z", "bc"),
    ("alerts", "device", "time", "isNull", False, "abc"),
    ("maintenanceReminders", "task", "lastCompleted", "eq", "2026-01-01", "a"),
    ("maintenanceReminders", "task", "lastCompleted", "ne", "2026-01-01", "bc"),
    ("maintenanceReminders", "task", "lastCompleted", "in", ["2026-01-01"], "a"),
    ("maintenanceReminders", "task", "lastCompleted", "notIn", ["2026-01-01"], "bc"),
    ("maintenanceReminders", "task", "lastCompleted", "lt", "2026-01-02", "a"),
    ("maintenanceReminders", "task", "lastCompleted", "lte", "2026-01-02", "ab"),
    ("maintenanceReminders", "task", "lastCompleted", "gt", "2026-01-01", "b"),
    ("maintenanceReminders", "task", "lastCompleted", "gte", "2026-01-01", "ab"),
    ("maintenanceReminders", "task", "lastCompleted", "isNull", True, "c"),
    ("workflows", "name", "enabled", "eq", False, "b"),
    ("workflows", "name", "enabled", "ne", False, "ac"),
    ("workflows", "name", "enabled", "isNull", False, "abc"),
    ("alerts", "device", "level", "eq", "LOW", "bc"),
    ("alerts", "device", "level", "ne", "LOW", "a"),
    ("alerts", "device", "level", "in", ["LOW", "HIGH"], "abc"),
    ("alerts", "device", "level", "notIn", ["LOW", "MEDIUM"], "a"),
    ("alerts", "device", "level", "isNull", True, ""),
    ("workflows", "name", "userId", "eq", "ann", "a"),
    ("workflows", "name", "userId", "ne", "ann", "bc"),
    ("workflows", "name", "userId", "in", ["ann", "bob"], "ab"),
    ("workflows", "name", "userId", "notIn", ["ann"], "bc"),
    ("workflows", "name", "userId", "isNull", True, "c"),
    ("workflows", "name", "userId", "isNull", False, "ab"),
]


async def found(gql: Any, list_name: str, shown: str, given: Any) -> str:
    type_ = get_named_type(QUERY.fields[list_name].args["filter"].type).name
    query = f"query($filter: {type_}) {{ {list_name}(filter: $filter) {{ totalCount nodes {{ {shown} }} }} }}"
    answer = await gql(query, filter=given)
    assert answer.errors == []
    words = sorted(node[shown] for node in answer.data[list_name]["nodes"])
    assert answer.data[list_name]["totalCount"] == len(words)
    return "".join(words)


@pytest.mark.parametrize(("list_name", "shown", "field", "operator", "value", "expected"), CASES)
async def test_operators(list_name, shown, field, operator, value, expected, shared_gql, user_ids):
    if field == "userId" and operator != "isNull":
        value = [user_ids[word] for word in value] if isinstance(value, list) else user_ids[value]

    assert await found(shared_gql, list_name, shown, {field: {operator: value}}) == expected


def test_every_operator_of_every_kind_is_tested():
    tested = set()
    for list_name, _, field, operator, *_ in CASES:
        filter_type = get_named_type(QUERY.fields[list_name].args["filter"].type)
        tested.add((get_named_type(filter_type.fields[field].type).name, operator))
    tested = {(_kind(name), operator) for name, operator in tested}
    offered = {
        (_kind(type_.name), operator)
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLInputObjectType) and "eq" in type_.fields
        for operator in type_.fields
    }

    assert offered == tested


def _kind(filter_name: str) -> str:
    """All enums are filtered alike."""
    name = filter_name.removesuffix("Filter")
    return "enum" if hasattr(SCHEMA.type_map.get(name), "values") else name


A, B, C = ({"name": {"eq": word}} for word in "abc")
COMBINED = [
    ({}, "abc"),
    ({"and": []}, "abc"),
    ({"or": []}, ""),
    ({"not": {}}, ""),
    ({"not": {"or": []}}, "abc"),
    ({"and": None, "or": None, "not": None, "name": None}, "abc"),
    ({"and": [{}]}, "abc"),
    ({"or": [{}]}, "abc"),
    ({"or": [A, B]}, "ab"),
    ({"and": [A, B]}, ""),
    ({"not": A}, "bc"),
    ({"not": {"not": A}}, "a"),
    ({"not": {"or": [A, B]}}, "c"),
    ({"not": {"and": [A, B]}}, "abc"),
    ({"or": [{"and": [A, {"enabled": {"eq": True}}]}, {"and": [B, {"enabled": {"eq": True}}]}]}, "a"),
    ({"name": {"ne": "a", "in": ["a", "b"]}}, "b"),
    ({"name": {"ne": "a"}, "enabled": {"eq": True}}, "c"),
    ({"enabled": {"eq": True}, "or": [A, B]}, "a"),
    ({"enabled": {"eq": True}, "and": [{"not": A}], "or": [A, C], "not": B}, "c"),
    ({"not": {"userId": {"isNull": True}}}, "ab"),
    ({"name": {}}, "abc"),
]


@pytest.mark.parametrize(("given", "expected"), COMBINED)
async def test_conditions_combine(given, expected, shared_gql, user_ids):
    assert await found(shared_gql, "workflows", "name", given) == expected


@pytest.mark.parametrize("operator", ["eq", "in", "lt"])
async def test_not_is_true_of_what_is_missing(operator, shared_gql, user_ids):
    value = ["2026-01-02"] if operator == "in" else "2026-01-02"
    given = {"not": {"lastCompleted": {operator: value}}}

    assert await found(shared_gql, "maintenanceReminders", "task", given) == (
        "bc" if operator == "lt" else "ac"
    )


async def test_ids_of_the_type_itself_can_be_filtered_by(shared_gql, user_ids):
    assert await found(shared_gql, "users", "username", {"id": {"in": [user_ids["bob"]]}}) == "bob"
