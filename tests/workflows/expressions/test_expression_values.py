"""What goes into expressions, and what comes out."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from expression_world import MORNING, SCOPE, evaluated, refused

from ecoctrl_gql.workflows.expressions import Scope


def test_an_answer_is_json():
    answer = evaluated('[1/0, NaN, -0, 3.0, 2.5, undefined, 1e300, "x", nobody]')

    assert answer == [None, None, 0, 3, 2.5, None, 1e300, "x", None]
    assert [type(item) for item in answer[2:5]] == [int, int, float]
    assert evaluated("nobody") is None


def test_an_answer_is_a_copy():
    answer = evaluated("trigger.tags")
    answer.append("c")

    assert SCOPE.trigger["tags"] == ["a", "b"]


def test_exact_integers_of_data_stay_exact():
    scope = Scope(trigger={"id": 2**60 + 1})

    assert evaluated("trigger.id", scope) == 2**60 + 1
    assert evaluated("'id ' + trigger.id", scope) == "id 1152921504606846977"
    assert evaluated("trigger.id + 1", scope) == float(2**60)


class Level(StrEnum):
    HIGH = "high"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Decimal("2.5"), 2.5),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (MORNING, "2026-05-15T23:05:09.123456+00:00"),
        (MORNING.date(), "2026-05-15"),
        ((1, (2,)), [1, [2]]),
        (Level.HIGH, "high"),
    ],
)
def test_values_of_the_database_become_values_of_the_language(given, expected):
    scope = Scope(nodes={"rows": {"cell": given}})

    assert evaluated("rows.cell", scope) == expected
    assert evaluated("rows", scope) == {"cell": expected}


@pytest.mark.parametrize("stranger", [object(), b"bytes", {1, 2}, len])
def test_other_objects_are_refused(stranger):
    scope = Scope(trigger={"it": stranger})

    assert "can't be used in an expression" in refused("trigger.it", scope).reason
    assert "can't be used in an expression" in refused("trigger", scope).reason
    assert "can't be used in an expression" in refused("'' + trigger", scope).reason
