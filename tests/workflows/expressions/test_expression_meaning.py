"""The operators, members and texts of expressions, case by case."""

import math

import pytest
from expression_world import SCOPE, environment, evaluated, value

from ecoctrl_gql.workflows.expressions import compile_expression
from ecoctrl_gql.workflows.expressions.values import UNDEFINED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nobody", UNDEFINED),
        ("fetch.missing", UNDEFINED),
        ("fetch.body.none.deeper.still", UNDEFINED),
        ("undefined - 1", math.nan),
        ("undefined + 1", math.nan),
        ('"abc" * 2', math.nan),
        ('"10" + 1', "101"),
        ('"10" - 1', 9),
        ('"b" > "a"', True),
        ('"10" < "9"', True),
        ("10 < 9", False),
        ('"10" < 9', False),
        ("undefined > 1", False),
        ("undefined <= 1", False),
        ('5 == "5"', True),
        ('5 === "5"', False),
        ("null == undefined", True),
        ("null === undefined", False),
        ("null == 0", False),
        ("null >= 0", True),
        ("NaN == NaN", False),
        ('true == "1"', True),
        ("fetch.body == fetch.body", True),
        ("[1] == [1]", False),
        ("[1] == 1", True),
        ("1 / 0", math.inf),
        ("-1 / 0", -math.inf),
        ("0 / 0", math.nan),
        ("1 % 0", math.nan),
        ("-7 % 3", -1),
        ("7.5 % 2", 1.5),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("10 - 3 - 2", 5),
        ("1 < 2 == true", True),
        ("1 || 0 && 0", 1),
        ("!1 + 1", 1),
        ("- - 2", 2),
        ('+"0x1f"', 31),
        ('+""', 0),
        ('+"1_0"', math.nan),
        ("true ? 1 : false ? 2 : 3", 1),
        ('0 || "default"', "default"),
        ('"" && nobody.trim()', ""),
        ("1 || nobody.trim()", 1),
        ("true ? 1 : nobody.trim()", 1),
        ("fetch.body.kwh > limit && trigger.severity == 'critical'", True),
        ("[1, [2, null], undefined] + ''", "1,2,,"),
        ("fetch.body.points[0].id", "p1"),
        ("fetch['body']['kwh']", 512.5),
        ('fetch.body["po" + "ints"][1 + 1]', 5),
        ("fetch.body.points['length']", 3),
        ("fetch.body.points[-1]", UNDEFINED),
        ("fetch.body.points['01']", UNDEFINED),
        ("list.length", 3),
        ('"abc".length', 3),
        ('"abc"[1]', "b"),
        ("(5).length", UNDEFINED),
        ("trigger['content-type']", "text/html"),
        ("{{fetch.body.kwh}} > 500", True),
        ("9007199254740993 + 0 == 9007199254740992", True),
        ("{{ trigger.oldValue }}", 20),
    ],
)
def test_an_expression_means_what_it_means_in_javascript(text, expected):
    found = value(text)

    assert found == expected or (math.isnan(expected) and math.isnan(found))
    assert type(found) is type(expected) or {type(found), type(expected)} == {int, float}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e21 + ''", "1e+21"),
        ("1e20 + ''", "100000000000000000000"),
        ("1e-6 + ''", "0.000001"),
        ("1e-7 + ''", "1e-7"),
        ("0.1 + 0.2 + ''", "0.30000000000000004"),
        ("-0 + ''", "0"),
        ("6 / 2 + ''", "3"),
        ("1e400 + ''", "Infinity"),
        ("fetch.body.points[0] + ''", '{"id":"p1","value":21}'),
        ("'' + undefined + null + true", "undefinednulltrue"),
        ("String([null, {{trigger.tags}}])", ",a,b"),
        ("String()", ""),
        ("json(trigger.tags)", '["a","b"]'),
        ("json([1.50, NaN, undefined])", "[1.5,null,null]"),
    ],
)
def test_a_value_has_the_text_that_it_has_in_javascript_and_an_object_its_json(text, expected):
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "holds"),
    [("[]", True), ("trigger", True), ("Infinity", True), ("'false'", True)]
    + [(text, False) for text in ("0", "-0", "NaN", "''", "null", "undefined", "nobody", "false")],
)
def test_truth_is_that_of_javascript(text, holds):
    assert compile_expression(text).holds(SCOPE, environment()) is holds
