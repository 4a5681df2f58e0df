"""The meaning of expressions, case by case."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, compile_expression, live, recorded
from ecoctrl_gql.workflows.expressions.run import Run
from ecoctrl_gql.workflows.expressions.values import UNDEFINED

MORNING = datetime(2026, 5, 15, 23, 5, 9, 123456, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
IDS = ["6f1f2d0e-0000-4000-8000-000000000001", "6f1f2d0e-0000-4000-8000-000000000002"]

SCOPE = Scope(
    trigger={"severity": "critical", "oldValue": 20, "tags": ["a", "b"], "content-type": "text/html"},
    variables={"limit": 500, "list": [3, 1, 2], "fetch": "shadowed", "vars": "hidden"},
    nodes={
        "fetch": {
            "body": {"kwh": 512.5, "none": None, "points": [{"id": "p1", "value": 21}, {"value": 3}, 5]}
        },
        "http-1": {"body": "first"},
        "http-1-2": {"body": "second"},
        "9f-a1": {"body": "uuid"},
    },
    settings={"BASE_URL": "https://gateway", "DATABASE_URL": "postgresql://root:pw@db", "SMTP_PASS": "pw"},
    constants={"TARIFF": 0.62, "BASE_URL": "https://own"},
    secrets={"API_KEY": "s3cr3t"},
)


def environment():
    return recorded(MORNING, IDS, SHANGHAI)


def value(text: str, scope: Scope = SCOPE):
    return compile_expression(text, scope).value(Run(scope, environment()))


def evaluated(text: str, scope: Scope = SCOPE):
    return compile_expression(text, scope).evaluate(scope, environment())


def refused(text: str, scope: Scope = SCOPE) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        evaluated(text, scope)
    return caught.value


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
    ("text", "expected"),
    [
        ('parseInt("12px")', 12),
        ('parseInt("0x1f")', 0),
        ('parseInt("0x1f", 16)', 31),
        ('parseInt("z", 36)', 35),
        ("parseInt(3.9)", 3),
        ('parseInt("x")', None),
        ('parseFloat("3.5 kWh")', 3.5),
        ('Number("  12  ")', 12),
        ('Number("12px")', None),
        ("Boolean([])", True),
        ('Boolean("")', False),
        ("(255).toString(16)", "ff"),
        ("(-255).toString(2)", "-11111111"),
        ("(2.345).toFixed(2)", "2.35"),
        ("(1.005).toFixed(2)", "1.00"),
        ("(-1.5).toFixed()", "-2"),
        ("(1e21).toFixed(2)", "1e+21"),
        ("(123.456).toPrecision(4)", "123.5"),
        ("(123456).toPrecision(2)", "1.2e+5"),
        ("true.toString()", "true"),
        ("trigger.tags.toString()", "a,b"),
        ('"Abc".toLowerCase() + "Abc".toUpperCase()', "abcABC"),
        ('"\\ufeff a\\t".trim()', "a"),
        ('"abcdef".slice(-3, -1)', "de"),
        ('"abcdef".substring(4, 1)', "bcd"),
        ('"a,b,c".split(",", 2)', ["a", "b"]),
        ('"añ😀".split("")', ["a", "ñ", "😀"]),
        ('"aXbX".replace("X", "[$&$`$\'$$]")', "a[XabX$]bX"),
        ('"a.b".replace(".", "-")', "a-b"),
        ('"abc".replace("", ">")', ">abc"),
        ('"T-21.5°C".match("(-?[0-9]+)([.][0-9])?(K)?")', ["-21.5", "-21", ".5", None]),
        ('"abc".match("x")', None),
        ('"7".padStart(3, "0") + "7".padEnd(3) + "|"', "0077  |"),
        ('"abc".includes("bc") && "abc".startsWith("b", 1) && "abc".endsWith("b", 2)', True),
        ('"abc".charAt(1) + "abc".charAt(9)', "b"),
        ('"abcabc".indexOf("c", 3) - "abcabc".lastIndexOf("c", 3)', 3),
        ('"a".concat(1, null, [2])', "a1null2"),
        ('"ab".repeat(2.9)', "abab"),
        ("list.slice(1)", [1, 2]),
        ("list.concat(4, [5, [6]])", [3, 1, 2, 4, 5, [6]]),
        ("list.includes(1) && [NaN].includes(NaN)", True),
        ("list.indexOf(2) + [1, 2, 1].lastIndexOf(1) + [NaN].indexOf(NaN)", 3),
        ('map(fetch.body.points, "id", "value")', {"p1": 21}),
        ('map(nobody, "id", "value")', {}),
        ("timestamp()", 1778886309123),
        ("now()", "2026-05-15T23:05:09.123Z"),
        ('now("YYYY-MM-DD HH:mm:ss")', "2026-05-16 07:05:09"),
        ('now("yy/M/d h:m:s.SSS A Z [day]")', "26/5/16 7:5:9.123 AM +08:00 day"),
        ('date("2026-05-15", "yyyy-MM-ddTHH:mm")', "2026-05-15T00:00"),
        ('date("2026-05-15T20:00:00Z", "DD.MM. HH:mm")', "16.05. 04:00"),
        ("date(0)", "1970-01-01T00:00:00.000Z"),
        ("uuid() + uuid()", "".join(IDS)),
        ('upper("aß") + lower("ÄB") + trim(" x ")', "ASSäbx"),
        ('upper(nobody) + "."', "."),
        ('length("abc") + length(list) + length(trigger) + length(null)', 10),
        ('if(limit > 400, "high", nobody.trim())', "high"),
        ('if("", 1)', None),
        ('coalesce(nobody, null, "", 0, 1)', 0),
        ('coalesce("", "last")', "last"),
        ("coalesce()", None),
        ('"abc".trim(1, 2, 3)', "abc"),
    ],
)
def test_functions_and_methods(text, expected):
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\n\t\x41\u0042\u{1F600}\q\"\\"', '\n\tAB😀q"\\'),
        (r"'\ud83d\ude00 it\'s'", "😀 it's"),
        ('"中文"', "中文"),
    ],
)
def test_escapes_in_texts(text, expected):
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trigger.severity", "critical"),
        ("limit", 500),
        ("vars.limit", 500),
        ("fetch.body.kwh", 512.5),
        ("vars.fetch", "shadowed"),
        ("vars.vars", "hidden"),
        ("env.BASE_URL", "https://gateway"),
        ("var.BASE_URL", "https://own"),
        ("var.TARIFF * 2", 1.24),
        ("secret.API_KEY", "s3cr3t"),
        ("secret['API_KEY']", "s3cr3t"),
        ("env.DATABASE_URL", None),
        ("env.SMTP_PASS", None),
        ("env['DATABASE' + '_URL']", None),
        ("var.DATABASE_URL", None),
        ("json(env)", '{"BASE_URL":"https://gateway"}'),
        ("trigger.__class__", None),
        ("list.append", None),
        ("'a'.__len__", None),
        ("fetch['keys']", None),
    ],
)
def test_names_reach_what_they_may_and_nothing_else(text, expected):
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http-1.body", "first"),
        ("http-1-2.body", "second"),
        ("http-1-3", math.nan),
        ("limit-1", 499),
        ("limit-http-1.body.length", 495),
        ("[http-1.body,http-1-2.body]", ["first", "second"]),
        ("9f-a1.body", "uuid"),
        ("'http-1.body'", "http-1.body"),
        ("vars.limit-1", 499),
        ("5-3", 2),
    ],
)
def test_an_id_with_a_hyphen_is_a_node_when_there_is_one(text, expected):
    found = value(text)

    assert found == expected or (math.isnan(expected) and math.isnan(found))


def test_an_id_with_a_hyphen_is_known_before_its_node_has_run():
    waiting = Scope(node_ids=frozenset({"http-1"}))

    assert value("http-1.body", waiting) is UNDEFINED


@pytest.mark.parametrize(
    ("text", "column", "reason", "hint"),
    [
        ("", 1, "The expression is empty", ""),
        ("1 +", 4, "The expression ends too early", "A value or a closing bracket is missing."),
        ("(1", 3, "The expression ends too early", "A value or a closing bracket is missing."),
        ("a ** b", 4, "* can't stand here", "There is no power operator; multiply."),
        ("a ?? b", 4, "? can't stand here", 'Write coalesce(a, "b") for a value that may be missing.'),
        ("a?.b", 3, ". can't stand here", "Write a plain dot: a member of something missing is undefined,"),
        ("a = 1", 3, "= can't stand here", "Write == to compare"),
        ("a & b", 3, "& can't stand here", "Write && for and"),
        ("~a", 1, "~ can't stand here", "There are no bitwise operators."),
        ("a, b", 2, ", can't stand here", "Only one expression can stand here."),
        ("a; b", 2, "; can't stand here", "Only one expression can stand here."),
        ("{a: 1}", 1, "{ can't stand here", "Objects can't be written here."),
        ('a + "b', 5, "\" can't stand here", "This quote is never closed."),
        ("new Date()", 5, "Date can't stand here", "An operator is missing before it."),
        ("0x1f", 1, "0 can't stand here", "Names can't begin with a digit."),
        ("x => x", 3, "= can't stand here", "Functions can't be written here."),
        ("this.a", 1, "There is no this here", "Name the node or variable."),
        ("eval('1')", 1, "There is no function eval()", "The functions are Boolean,"),
        ("a.map(b)", 3, "There is no method map()", "The methods are toString,"),
        ("a.constructor('x')", 3, "There is no method constructor()", "The methods are"),
        (r'"a" + "\u12"', 7, r"\u is not complete", r"Write \x41"),
        (r'"\ud83d"', 1, "This text has an escape that is no character", ""),
        (r'"\0"', 1, r"\0 is not complete", ""),
        (r'"\u{110000}"', 1, r"\u{110000} is no character", ""),
        ("secret", 1, "Secrets can only be read one by one", "Write secret.NAME."),
        ("json(secret)", 6, "Secrets can only be read one by one", "Write secret.NAME."),
        ("secret[trigger.severity]", 1, "Secrets can only be read one by one", "Write secret.NAME."),
        (
            "trigger.name.trim()",
            14,
            "trim() is a method of text, and this is undefined",
            "Where a value may be",
        ),
        ("limit.trim()", 7, "trim() is a method of text, and this is number", "String(value) makes a text"),
        ('"a".repeat(-1)', 5, "repeat() takes a number of times from 0 on", ""),
        ("(1).toFixed(101)", 5, "toFixed() makes 0 to 100 decimal places, not 101", ""),
        ("(1).toPrecision(0)", 5, "toPrecision() makes 1 to 100 digits, not 0", ""),
        ("(0.5).toString(2)", 7, "toString(2) takes whole numbers", "Round it first: parseInt(x)."),
        ("(5).toString(1)", 5, "toString() takes a radix of 2 to 36, not 1", ""),
        (
            '"a".match("(?=a)")',
            5,
            "match() can't read the pattern: invalid perl operator: (?=",
            "It takes RE2's",
        ),
        ('date("yesterday")', 1, '"yesterday" is not a date', "Write it like 2026-05-15T08:00:00Z."),
        ("date(1e300)", 1, "This number is not a date", ""),
        ("date(null)", 1, "A date is a text or a number of milliseconds, not null", ""),
        ('now("QQ")', 1, 'A date format has no "QQ"', "It has YYYY"),
        ("uuid() + uuid() + uuid()", 19, "This run asks for more ids with uuid() than were recorded", ""),
    ],
)
def test_what_can_not_be_evaluated_tells_where_and_what_to_do(text, column, reason, hint):
    error = refused(text)

    assert (error.line, error.column, error.reason) == (1, column, reason)
    assert hint in error.hint
    assert str(error).startswith(f"{reason} (line 1, column {column}).")
    assert error.extensions == {"code": "BAD_USER_INPUT"}


def test_a_place_is_told_by_line_and_column():
    error = refused("limit >\n 1 &&\n  'x' 'y'")

    assert (error.line, error.column, error.offset) == (3, 7, 20)


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


@pytest.mark.parametrize(
    ("text", "holds"),
    [("[]", True), ("trigger", True), ("Infinity", True), ("'false'", True)]
    + [(text, False) for text in ("0", "-0", "NaN", "''", "null", "undefined", "nobody", "false")],
)
def test_truth_is_that_of_javascript(text, holds):
    assert compile_expression(text).holds(SCOPE, environment()) is holds


def test_the_names_that_an_expression_uses():
    expression = compile_expression(
        "fetch.body.kwh > vars.limit + vars['x'] && [secret.KEY, a][trigger.n] || vars.limit"
    )

    assert expression.names_used == {"fetch", "vars.limit", "vars.x", "secret.KEY", "a", "trigger"}
    assert compile_expression("vars[a]").names_used == {"vars", "a"}


def test_the_same_environment_gives_the_same_answer():
    text = "now() + uuid() + timestamp()"

    assert evaluated(text) == evaluated(text)


def test_the_live_environment_has_the_time_and_new_ids():
    world = live(SHANGHAI)
    before = datetime.now(UTC)
    answer = compile_expression("[now(), uuid(), uuid(), now('Z')]").evaluate(SCOPE, world)

    assert before - timedelta(milliseconds=1) <= datetime.fromisoformat(answer[0]) <= datetime.now(UTC)
    assert UUID(answer[1]).version == 4
    assert answer[1] != answer[2]
    assert answer[3] == "+08:00"
