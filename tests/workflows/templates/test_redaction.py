"""Secrets do not get into logs."""

import json
from urllib.parse import quote, quote_plus

import pytest

from ecoctrl_gql.workflows.expressions import Scope, live
from ecoctrl_gql.workflows.templates import REDACTED, redact, render

SECRET = 'pa"ss w/ö\nrd'


def test_a_secret_is_taken_out_wherever_it_stands():
    value = {
        "header": f"Bearer {SECRET}!",
        "list": [SECRET, ("x", SECRET), 5, None, True],
        SECRET: "key",
        "clean": "nothing",
    }

    assert redact(value, [SECRET]) == {
        "header": f"Bearer {REDACTED}!",
        "list": [REDACTED, ["x", REDACTED], 5, None, True],
        REDACTED: "key",
        "clean": "nothing",
    }


@pytest.mark.parametrize(
    "escaped",
    [
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        quote(SECRET, safe=""),
        quote_plus(SECRET),
    ],
)
def test_a_secret_is_known_again_in_json_and_in_urls(escaped):
    assert redact(f"<{escaped}>", [SECRET]) == f"<{REDACTED}>"


def test_the_longest_secret_goes_first():
    assert redact("token-longer token", ["token", "token-longer"]) == f"{REDACTED} {REDACTED}"


def test_a_short_secret_is_only_taken_out_where_it_is_the_whole_text():
    assert redact(["no", "nothing", {"on": "no"}], ["no"]) == [REDACTED, "nothing", {"on": REDACTED}]


def test_a_secret_that_became_a_number_is_taken_out():
    assert redact([1234, 1234.0, 12345, True], ["1234", "true"]) == [REDACTED, REDACTED, 12345, True]


def test_no_secret_is_an_empty_text():
    assert redact({"a": ""}, ["", ""]) == {"a": ""}


def test_a_value_that_is_rendered_with_a_secret_can_be_logged():
    scope = Scope(secrets={"KEY": SECRET})
    value = render({"url": "https://x/?key={{secret.KEY}}", "body": "{{json(secret.KEY)}}"}, scope, live())

    assert redact(value, scope.secrets.values()) == {
        "url": f"https://x/?key={REDACTED}",
        "body": f'"{REDACTED}"',
    }


def test_it_never_fails():
    circle: list = [10**5000, float("nan")]
    circle.append(circle)

    found = redact(circle, ["secret"])

    while isinstance(found, list):
        found = found[-1]
    assert found == REDACTED
