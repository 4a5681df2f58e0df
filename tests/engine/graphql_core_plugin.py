"""
A pytest plugin that puts the engine in the place of graphql-core's default executor.

It is loaded only by the process that runs graphql-core's own tests, and writes what came of them to the
file that ``GRAPHQL_CORE_REPORT`` names.
"""

import importlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ecoctrl_gql.engine import Columnar
from ecoctrl_gql.engine.plans import PlanCache

NEVER_ENDS = "stops_late_sibling_object_completion_after_non_null_bubbling"
report: dict[str, Any] = {"passed": 0, "failed": [], "planned": 0}


def pytest_configure() -> None:
    importlib.import_module("graphql.execution.execute").IncrementalExecutor = Columnar
    find = PlanCache.find

    def counted(cache: PlanCache, executor: Any) -> Any:
        plan = find(cache, executor)
        report["planned"] += plan is not None
        return plan

    PlanCache.find = counted


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.name == NEVER_ENDS:
            item.add_marker(pytest.mark.timeout(1))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report.nodeid, report.when, report.outcome)


def _note(nodeid: str, when: str, outcome: str) -> None:
    if outcome == "failed":
        report["failed"].append(nodeid)
    elif when == "call":
        report["passed"] += 1


def pytest_sessionfinish() -> None:
    Path(os.environ["GRAPHQL_CORE_REPORT"]).write_text(json.dumps(report))
