"""The JSON Schema accepts what the validator accepts, and is the one that is published."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ecoctrl_gql.workflows.dsl.json_schema import workflow_json_schema, workflow_json_schema_text
from ecoctrl_gql.workflows.dsl.kinds import KINDS, TRIGGERS
from tests.workflows.dsl.building import around, documents, errors, node
from tests.workflows.dsl.test_dsl_fuzz import JSON, mutated
from tests.workflows.dsl.test_dsl_rules import ERRORS, WARNINGS

SCHEMA = Draft202012Validator(workflow_json_schema())
DOCUMENTS = documents()
PUBLISHED = Path(__file__).parents[3] / "docs" / "workflow.schema.json"

STRUCTURAL = {"type", "required", "value", "version", "node_type", "trigger_type", "too_large", "unstorable"}
"""The rules of which a schema may know something; what is too large is not looked at further."""


def accepts(dsl):
    return not list(SCHEMA.iter_errors(dsl))


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA.schema)


def test_the_published_schema_is_current():
    assert PUBLISHED.read_text(encoding="utf-8") == workflow_json_schema_text(), (
        "write it anew: `make schema`"
    )


def test_every_spelling_is_known():
    nodes = SCHEMA.schema["$defs"]["NodeShape"]["properties"]["type"]["enum"]
    triggers = SCHEMA.schema["$defs"]["TriggerShape"]["properties"]["type"]["enum"]

    assert nodes == sorted(text for kind in KINDS for text in kind.spellings)
    assert triggers == sorted(text for kind in TRIGGERS for text in kind.spellings)


def test_everything_in_it_is_described():
    definitions = {"document": SCHEMA.schema} | SCHEMA.schema["$defs"]
    undescribed = [
        f"{name}.{key}"
        for name, definition in definitions.items()
        for key, part in definition["properties"].items()
        if "description" not in part
    ]

    assert undescribed == []
    assert all("description" in definition for definition in definitions.values())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_accepts_the_examples(name):
    assert accepts(DOCUMENTS[name])


@pytest.mark.parametrize("name", WARNINGS)
def test_it_accepts_what_only_has_warnings(name):
    assert accepts(WARNINGS[name][0])


@pytest.mark.parametrize(
    "name",
    [
        *("node type", "trigger type", "version", "missing id", "nodes are no list", "edge without end"),
        *("loop without body", "url missing", "headers are no object", "timeout is no number", "no cron"),
        *("write an object", "write no value", "error in a body", "error in a branch", "unknown handling"),
        *("negative retries", "secret of no key"),
    ],
)
def test_it_refuses_what_has_another_form(name):
    assert not accepts(ERRORS[name][0])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(DOCUMENTS.values())), st.randoms(use_true_random=False), JSON)
def test_it_accepts_whatever_the_validator_accepts(example, choice: random.Random, value):
    changed = mutated(example, choice, value)
    try:
        changed = json.loads(json.dumps(changed, allow_nan=False))
    except ValueError:
        return

    if STRUCTURAL.isdisjoint(rule for _, rule in errors(changed)):
        assert accepts(changed)


def test_numbers_as_texts_are_accepted():
    for value, expected in (
        ("5", True),
        ("5.0", True),
        ("{{a}}", True),
        ("five", False),
        (-1, False),
        (1.5, False),
    ):
        assert accepts(around(node("w", "delay", durationMs=value))) is expected, value
