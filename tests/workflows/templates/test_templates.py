"""Templates within texts, lists and objects."""

from datetime import UTC, datetime

import pytest

from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, recorded
from ecoctrl_gql.workflows.templates import check, names_used, render

ENVIRONMENT = recorded(datetime(2026, 5, 15, 8, tzinfo=UTC), ["id-1", "id-2"])

SCOPE = Scope(
    trigger={
        "device": "pump 1",
        "old": None,
        "list": [1, "b", None],
        "object": {"a": [1.0]},
        "quote": '"{{vars.n}}"',
    },
    variables={"n": 3, "priority": "high"},
    nodes={"fetch": {"body": {"kwh": 512.0, "ok": True}}, "http-1": {"body": "node"}},
    settings={"PUBLIC_URL": "https://building", "JWT_SECRET": "never"},
    constants={"LIMIT": 500},
    secrets={"KEY": "s3cr3t"},
)


def rendered(value):
    return render(value, SCOPE, ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{trigger.list}}", [1, "b", None]),
        ("{{ fetch.body.kwh }}", 512),
        ("{{fetch.body.ok}}", True),
        ("{{trigger.old}}", None),
        ("{{trigger.object}}", {"a": [1]}),
        ("{{trigger.nothing.at.all}}", ""),
        ("{{nobody}}", ""),
        ("{{http-1.body}}", "node"),
        ("{{fetch.body.kwh >= var.LIMIT && vars.n == 3}}", True),
        ("{{vars.n ? 'yes' : 'no'}}", "yes"),
        ("{{ n + 1 }}", 4),
        ("{{1 / 0}}", None),
        ("{{now()}}", "2026-05-15T08:00:00.000Z"),
        ("{{timestamp()}}", 1778832000000),
        ('{{ "}}" }}', "}}"),
        ("{{ '{{' }}", "{{"),
        ("{{\n  vars.n\n}}", 3),
    ],
)
def test_a_text_that_is_one_template_keeps_the_kind_of_the_value(text, expected):
    found = rendered(text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("High load {{fetch.body.kwh}} kWh", "High load 512 kWh"),
        ("{{vars.n}}{{vars.n}}", "33"),
        ("{{trigger.device}} and {{vars.priority}}", "pump 1 and high"),
        (" {{vars.n}}", " 3"),
        ("{{vars.n}}\n", "3\n"),
        ("[{{trigger.old}}|{{nobody}}|{{trigger.list}}]", "[||1,b,]"),
        ("is {{trigger.object}}", 'is {"a":[1]}'),
        ("is {{json(trigger.list)}}", 'is [1,"b",null]'),
        ("is {{fetch.body.ok}} {{1/0}} {{0/0}}", "is true Infinity NaN"),
        ("{{fetch.body.kwh > 500 ? 'over' : 'under'}} the limit", "over the limit"),
        ("{{upper(vars.priority)}}: {{ '}}' + vars.n }}!", "HIGH: }}3!"),
        ('{"a": {"b": {{vars.n}}}}', '{"a": {"b": 3}}'),
        ("{{ '{{' }}vars.n}}", "{{vars.n}}"),
        ("{ {vars.n} }", "{ {vars.n} }"),
        ("{{env.PUBLIC_URL}}/{{secret.KEY}}", "https://building/s3cr3t"),
        ("a{{env.JWT_SECRET}}b{{var.JWT_SECRET}}c", "abc"),
        ("", ""),
    ],
)
def test_in_a_longer_text_a_value_is_its_text(text, expected):
    assert rendered(text) == expected


def test_what_a_template_gives_is_no_template():
    assert rendered("{{trigger.quote}}") == '"{{vars.n}}"'
    assert rendered("x{{trigger.quote}}") == 'x"{{vars.n}}"'


def test_lists_and_objects_are_rendered_to_their_depths_but_not_their_keys():
    given = {"to": ["{{vars.n}}", {"{{vars.n}}": "{{vars.n}}!"}], "limit": 5, "none": None, "on": True}

    assert rendered(given) == {"to": [3, {"{{vars.n}}": "3!"}], "limit": 5, "none": None, "on": True}
    assert given["to"] == ["{{vars.n}}", {"{{vars.n}}": "{{vars.n}}!"}]


def test_what_is_rendered_shares_nothing_with_the_scope():
    rendered("{{trigger.list}}").append("more")

    assert SCOPE.trigger["list"] == [1, "b", None]


def test_ids_are_new_at_every_template():
    environment = recorded(datetime(2026, 5, 15, tzinfo=UTC), ["one", "two"])

    assert render(["{{uuid()}}", "{{uuid()}}"], SCOPE, environment) == ["one", "two"]


@pytest.mark.parametrize(
    ("value", "path", "line", "column", "reason"),
    [
        ({"a": ["x", "ok {{ 1 + }}"]}, ("a", 1), 1, 11, "The expression ends too early"),
        ("one\n {{nobody.trim()}}", (), 2, 11, "trim() is a method of text, and this is undefined"),
        ({"to": "{{ vars.n "}, ("to",), 1, 1, "This template is never closed"),
        ("a {{ 'b }}", (), 1, 3, "This template is never closed"),
        ("{{}}", (), 1, 3, "The expression is empty"),
        ("{{ a {{vars.n}} }}", (), 1, 6, "{{ can't stand here"),
        ("{{secret}}", (), 1, 3, "Secrets can only be read one by one"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(value, path, line, column, reason):
    with pytest.raises(ExpressionError) as caught:
        rendered(value)

    error = caught.value
    assert (error.path, error.line, error.column, error.reason) == (path, line, column, reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("{{" * 400_000, "This template is never closed"),
        ('{{"\\"' * 200_000, "This template is never closed"),
        (
            "x" * 1_000_000 + "{{1}}",
            "The text has 1000005 characters; 1000000 are the most with templates in it",
        ),
        (
            "{{vars.n}}" + "{{'a'.repeat(999999)}}" * 2,
            "The text would have 1999999 characters; 1000000 are the most",
        ),
        (["{{'a'.repeat(999999)}}"] * 10, "This takes more work than one evaluation may do"),
        ("{{" + "a" * 6_000 + "}}", "The expression has 6000 characters; 5000 are the most"),
    ],
)
def test_templates_that_cost_too_much_are_refused(value, reason):
    with pytest.raises(ExpressionError) as caught:
        rendered(value)

    assert caught.value.reason == reason


def test_a_value_in_a_circle_is_refused():
    circle: list = []
    circle.append({"again": circle})

    with pytest.raises(ExpressionError, match="more than 100 deep"):
        rendered(circle)
    with pytest.raises(ExpressionError, match="more than 100 deep"):
        names_used(circle)


def test_a_long_text_without_templates_is_left_alone():
    assert rendered("x" * 2_000_000) == "x" * 2_000_000


def test_the_names_that_a_value_uses():
    value = {"a": ["{{fetch.body}} {{vars.n + http-1.x}}", {"b": "{{secret.KEY}}"}], "c": 1}

    assert names_used(value, SCOPE) == {"fetch", "vars.n", "http-1", "secret.KEY"}
    assert names_used("none", SCOPE) == set()


def told(problems):
    return [(problem.severity, problem.line, problem.column, problem.message) for problem in problems]


def test_all_problems_of_a_text_are_told_in_order():
    text = "Of {{fetch.body}} and {{nobody.x}}\n{{1 +}} {{limit}} {{trigger.x}}"

    assert told(check(text, {"fetch", "limit"})) == [
        ("warning", 1, 25, "No node or variable is called nobody"),
        ("error", 2, 6, "The expression ends too early"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{vars.nothing}}", "No node sets a variable nothing", "It is empty here."),
        ("{{secret.OTHER}}", "The workflow has no secret OTHER", "It is empty here."),
        ("{{var.OTHER}}", "The workflow has no constant OTHER", "It is empty here."),
        ("{{env.DATABASE_URL}}", "No setting DATABASE_URL is offered to workflows", "It is empty here."),
        (
            "{{trigger.content-type}}",
            "No node or variable is called type",
            "A member with a hyphen is written in brackets: trigger['content-type'].",
        ),
        ("a {{", "This template is never closed", 'for two braces in the text write {{ "{{" }}.'),
    ],
)
def test_a_problem_tells_what_to_do(text, message, hint):
    [problem] = check(text, {"vars.n", "secret.KEY", "var.LIMIT"})

    assert problem.message == message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no template",
        "{{trigger.anything}} {{now()}} {{undefined}}",
        "{{fetch.x}} {{http-1.x}} {{n}} {{vars.n}} {{secret.KEY}}",
        "{{var.LIMIT}} {{var.BASE_URL}} {{env.BASE_URL}}",
        "{{vars[trigger.name]}}",
    ],
)
def test_known_names_are_no_problem(text):
    assert check(text, {"fetch", "http-1", "n", "secret.KEY", "var.LIMIT"}) == []
