"""What is told of expressions that can't be read or worked out."""

import pytest
from expression_world import refused


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
