"""The functions and methods of expressions, case by case."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from expression_world import IDS, SCOPE, SHANGHAI, evaluated

from ecoctrl_gql.workflows.expressions import compile_expression, live


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
