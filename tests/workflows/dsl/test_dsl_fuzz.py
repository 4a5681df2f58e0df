"""Whatever JSON comes: it is answered, and what is accepted has a sound model."""

import copy
import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoctrl_gql.workflows.dsl.diff import diff
from ecoctrl_gql.workflows.dsl.kinds import KIND_BY_SPELLING, TRIGGER_BY_SPELLING
from ecoctrl_gql.workflows.dsl.problems import Severity
from ecoctrl_gql.workflows.dsl.schedules import next_runs, schedules_of
from ecoctrl_gql.workflows.dsl.validation import validate
from tests.workflows.dsl.building import documents
from tests.workflows.triggers.moments import NOON

EXAMPLES = list(documents().values())

WORDS = st.sampled_from(
    [
        *(*KIND_BY_SPELLING, *TRIGGER_BY_SPELLING),
        *("a", "b", "true", "default", "{{a.b}}", "{{", "* * * * *"),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | WORDS
)
KEYS = st.text(max_size=5) | st.sampled_from(
    [
        *("version", "trigger", "nodes", "edges", "envVars", "settings", "key", "value"),
        *("id", "type", "name", "config", "onError", "action", "gotoNodeId", "source", "target", "label"),
        *("expression", "cases", "items", "itemVar", "body", "branches", "mode", "condition", "set"),
        *("cron", "timezone", "watch", "event", "allowedIps"),
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)
NODES = st.fixed_dictionaries(
    {"id": WORDS | SCALARS, "type": WORDS},
    optional={"config": JSON, "onError": JSON, "name": JSON, "x": JSON},
)
EDGES = st.fixed_dictionaries({"source": WORDS, "target": WORDS}, optional={"label": SCALARS, "id": SCALARS})
GRAPHS = st.fixed_dictionaries(
    {"nodes": st.lists(NODES | JSON, max_size=8), "edges": st.lists(EDGES | JSON, max_size=12)},
    optional={"version": st.just("1.0") | JSON, "trigger": JSON, "envVars": JSON, "settings": JSON},
)


def look_at(dsl):
    """Validate a document and hold what was promised about the answer."""
    validation = validate(dsl)
    errors = [problem for problem in validation.problems if problem.severity is Severity.ERROR]
    assert validation.error_count == len(errors)
    assert (validation.document is None) is bool(errors)
    for problem in validation.problems:
        assert problem.path.isprintable()
        assert problem.message.isprintable() or "\n" in problem.message
    next_runs(schedules_of(dsl), 2, NOON)
    return validation


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON | GRAPHS)
def test_any_json_is_answered(dsl):
    look_at(dsl)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False), JSON)
def test_any_change_of_an_example_is_answered(example, choice, value):
    changed = mutated(example, choice, value)

    look_at(changed)

    assert diff(changed, changed) == []
    assert all(difference.path.isprintable() for difference in diff(example, changed))


def mutated(example, choice: random.Random, value):
    """An example with one to three places replaced or dropped."""
    dsl = json.loads(json.dumps(example))
    for _ in range(choice.randint(1, 3)):
        places = list(containers(dsl))
        container = choice.choice(places)
        key = choice.choice(list(container) if isinstance(container, dict) else range(len(container)))
        if choice.random() < 0.4:
            del container[key]
        else:
            container[key] = copy.deepcopy(value)
    return dsl


def containers(value):
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict | list) and value:
        yield value
    for part in parts:
        yield from containers(part)
