"""Builds workflow documents, and tells what is wrong with them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from ecoctrl_gql.workflows.dsl.problems import Severity
from ecoctrl_gql.workflows.dsl.validation import validate

DOCUMENTS = Path(__file__).parents[1] / "documents"


def documents() -> dict[str, Any]:
    """The documents that are kept as files, by name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DOCUMENTS.glob("*.json"))
    }


def node(id: str, type: str, /, on_error: Any = None, **config: Any) -> dict[str, Any]:
    made = {"id": id, "type": type, "name": id, "config": config}
    return made if on_error is None else made | {"onError": on_error}


def graph(*nodes: dict[str, Any], edges: str = "") -> dict[str, Any]:
    """A graph; edges are written as ``a>b c>d:label``, and get the ids e0, e1 …"""
    made = []
    for number, text in enumerate(edges.split()):
        way, _, label = text.partition(":")
        source, target = way.split(">")
        made.append(
            {"id": f"e{number}", "source": source, "target": target} | ({"label": label} if label else {})
        )
    return {"nodes": list(nodes), "edges": made}


def document(*nodes: dict[str, Any], edges: str = "", trigger: Any = None, **more: Any) -> dict[str, Any]:
    own = {"type": "manual", "config": {}} if trigger is None else trigger
    return {"version": "1.0", "trigger": own, **graph(*nodes, edges=edges), **more}


def around(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document in which these nodes come one after the other."""
    ids = ["start", *(each["id"] for each in nodes), "end"]
    edges = " ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return document(node("start", "start"), *nodes, node("end", "end"), edges=edges, **more)


def body(*nodes: dict[str, Any]) -> dict[str, Any]:
    """A graph in which these nodes come one after the other."""
    made = around(*nodes)
    return {"nodes": made["nodes"], "edges": made["edges"]}


def found(dsl: Any) -> set[tuple[str, str]]:
    """The paths and rules of what is wrong."""
    return {(problem.path, problem.rule.value) for problem in validate(dsl).problems}


def errors(dsl: Any) -> set[tuple[str, str]]:
    """The same of errors alone."""
    problems = validate(dsl).problems
    return {(each.path, each.rule.value) for each in problems if each.severity is Severity.ERROR}


def warnings(dsl: Any) -> set[tuple[str, str]]:
    """The same of warnings alone."""
    return found(dsl) - errors(dsl)
