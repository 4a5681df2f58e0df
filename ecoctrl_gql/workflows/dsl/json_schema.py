"""The JSON Schema of workflow documents, made of the models that read them."""

import json
from functools import lru_cache
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from ecoctrl_gql.workflows.dsl.fields import Shape
from ecoctrl_gql.workflows.dsl.kinds import KINDS, TRIGGERS
from ecoctrl_gql.workflows.dsl.limits import MAX_EDGES, MAX_NODES
from ecoctrl_gql.workflows.dsl.shapes import (
    DocumentShape,
    EdgeShape,
    GraphShape,
    NodeShape,
    TriggerShape,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

JsonSchema = dict[str, Any]


@lru_cache(maxsize=1)
def workflow_json_schema() -> JsonSchema:
    """
    The schema that every document without an error of its types and values fits.

    What can't be said in a schema (edges, branches, cron texts, expressions) only the validator knows.
    """
    envelope = (DocumentShape, GraphShape, NodeShape, EdgeShape, TriggerShape)
    configs = [*(kind.config for kind in KINDS), *(kind.config for kind in TRIGGERS)]
    models: list[type[Shape]] = list(dict.fromkeys([*envelope, *configs]))
    references, made = models_json_schema([(model, "validation") for model in models])
    definitions: JsonSchema = made["$defs"]
    for definition in definitions.values():
        _without_titles(definition)
    for graph in ("DocumentShape", "GraphShape"):
        _fill_graph(definitions[graph]["properties"])
    names = {model: references[model, "validation"]["$ref"] for model in models}
    _by_type(
        definitions["NodeShape"], {text: names[kind.config] for kind in KINDS for text in kind.spellings}
    )
    _by_type(
        definitions["TriggerShape"],
        {text: names[kind.config] for kind in TRIGGERS for text in kind.spellings},
    )
    root = definitions.pop("DocumentShape")
    return {"$schema": DIALECT, "title": "Workflow", **root, "$defs": definitions}


def _fill_graph(properties: JsonSchema) -> None:
    properties["nodes"] |= {"items": {"$ref": "#/$defs/NodeShape"}, "maxItems": MAX_NODES}
    properties["edges"] |= {"items": {"$ref": "#/$defs/EdgeShape"}, "maxItems": MAX_EDGES}


def _by_type(definition: JsonSchema, config_of_type: dict[str, str]) -> None:
    """Let a definition say that the type decides which config fits."""
    types_of_config: dict[str, list[str]] = {}
    for type_, config in config_of_type.items():
        types_of_config.setdefault(config, []).append(type_)
    definition["properties"]["type"]["enum"] = sorted(config_of_type)
    definition["allOf"] = [
        {
            "if": {"properties": {"type": {"enum": types}}, "required": ["type"]},
            "then": {"properties": {"config": _or_null({"$ref": config})}},
        }
        for config, types in types_of_config.items()
    ]


def _or_null(schema: JsonSchema) -> JsonSchema:
    return {"anyOf": [schema, {"type": "null"}]}


def _without_titles(definition: JsonSchema) -> None:
    """Drop what only repeats the keys."""
    definition.pop("title", None)
    for part in definition.get("properties", {}).values():
        part.pop("title", None)


def workflow_json_schema_text() -> str:
    """The schema as it is kept in docs/workflow.schema.json."""
    return json.dumps(workflow_json_schema(), indent=1, ensure_ascii=False) + "\n"
