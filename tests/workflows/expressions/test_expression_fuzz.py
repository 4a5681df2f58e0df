"""Whatever the text and the data are, there is an answer in JSON or the package's own error."""

import re
from datetime import UTC, datetime

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st
from javascript import Writer

from ecoctrl_gql.workflows import templates
from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, check, compile_expression, recorded

ENVIRONMENT = recorded(datetime(2026, 5, 15, tzinfo=UTC), ["one"])

NAMES = ["a", "b", "trigger", "vars", "http-1", "secret", "env", "this", "true", "null", "NaN", "undefined"]
WORDS = re.findall(
    r"\S+",
    r"""
    a b trigger vars http-1 secret env this true null NaN undefined
    now uuid parseInt parseFloat String Number Boolean map date if coalesce length upper json timestamp
    .toString .toFixed .slice .split .replace .match .padStart .includes .lastIndexOf .concat .repeat
    + - * / % < > <= >= == != === !== && || ! ? : ( ) [ ] , . {{ }} ; = & | ** ?? =>
    0 1 -1 2.5 .5 1e3 1e21 1e400 9007199254740993 0x1f 5a "" 'x' "a-b" '(a+)+$' "\u{41}" '\ud800' " '
    """,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
scopes = st.builds(
    Scope,
    trigger=json_values,
    variables=st.dictionaries(st.sampled_from(NAMES), json_values),
    nodes=st.dictionaries(st.sampled_from(NAMES), json_values),
)
texts = (
    st.text(max_size=60)
    | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
    | st.integers(0).map(lambda seed: Writer(seed).expression()[0])
)


@settings(max_examples=600, deadline=None)
@given(texts, scopes)
@example("'x'.lastIndexOf('')[-1]", Scope())
def test_an_expression_gives_json_or_its_own_error(text, scope):
    problems = check(text, scope)
    try:
        answer = compile_expression(text, scope).evaluate(scope, ENVIRONMENT)
    except ExpressionError as error:
        assert error.reason
        assert error.offset is None or 0 <= error.offset <= len(text)
    else:
        assert orjson.loads(orjson.dumps(answer)) == answer
        assert not [problem for problem in problems if problem.severity == "error"]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(texts | st.sampled_from(["{{", "}}", "{{a}}", "{{ b.c + 1 }}"]), max_size=6).map("".join), scopes
)
def test_a_template_gives_json_or_its_own_error(text, scope):
    problems = templates.check(text, scope)
    try:
        answer = templates.render({"key": [text]}, scope, ENVIRONMENT)
    except ExpressionError as error:
        assert error.path == ("key", 0)
    else:
        assert orjson.loads(orjson.dumps(answer)) == answer
        assert not [problem for problem in problems if problem.severity == "error"]


@settings(max_examples=200, deadline=None)
@given(json_values, st.lists(st.text(), max_size=3))
def test_no_secret_of_four_characters_is_left(value, secrets):
    left = list(texts_in(templates.redact([value, "".join(secrets)], secrets)))

    known = {secret for secret in secrets if len(secret) >= 4}
    assert not [
        secret for secret in known for text in left if secret in text.replace(templates.REDACTED, "\0")
    ]


def texts_in(value):
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_in(item)
        case dict():
            yield from texts_in([*value, *value.values()])
