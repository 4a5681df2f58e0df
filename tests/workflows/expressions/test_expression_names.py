"""What the names in expressions mean."""

import math

import pytest
from expression_world import evaluated, value

from ecoctrl_gql.workflows.expressions import Scope, compile_expression
from ecoctrl_gql.workflows.expressions.values import UNDEFINED


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


def test_the_names_that_an_expression_uses():
    expression = compile_expression(
        "fetch.body.kwh > vars.limit + vars['x'] && [secret.KEY, a][trigger.n] || vars.limit"
    )

    assert expression.names_used == {"fetch", "vars.limit", "vars.x", "secret.KEY", "a", "trigger"}
    assert compile_expression("vars[a]").names_used == {"vars", "a"}
