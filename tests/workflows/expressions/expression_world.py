"""A scope and an environment to try expressions in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, compile_expression, recorded
from ecoctrl_gql.workflows.expressions.run import Run

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
