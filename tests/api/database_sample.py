"""Rows of every table, with a value in every column and every relation in both directions."""

from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import Int64, Json, column_facts
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import TextEnum
from ecoctrl_gql.db.records import attributes, key_name, secret_columns
from ecoctrl_gql.db.tables import (
    AlertRow,
    ApiKeyRow,
    CarbonFactorNodeRow,
    CarbonFactorRow,
    EnergyAreaRow,
    EnergyReadingRow,
    FaultChangeRow,
    FaultRow,
    IotTokenRow,
    MaintenanceReminderRow,
    MessageRow,
    NotificationRow,
    OAuthAccountRow,
    RefreshTokenRow,
    UserRow,
    UserSettingsRow,
    WorkflowExecutionRow,
    WorkflowRow,
    WorkflowVersionRow,
)
from tests.api.schema_walk import ROW_TYPES, factory_name, is_single
from tests.conftest import SOMEBODY
from tests.factories import Factories

CANARY = "canary"
"""What every secret column of the sample begins with."""

_VALUES: dict[Any, Any] = {
    str: "what “it” says: 100 % \\ 能",
    int: 7,
    Int64: 2**40,
    float: 0.1,
    bool: True,
    datetime: datetime(2026, 3, 29, 1, 2, 3, 456789, tzinfo=UTC),
    date: date(2024, 2, 29),
    UUID: "0190b6a1-7d5c-7000-8000-00000000abcd",
    Json: {"deep": [{"能": None}, 1.5]},
}
_number = count(1)


class Sample:
    """The rows, as they were when they were made, by their table."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._make = Factories(db)
        self.rows: dict[type[Base], list[Any]] = defaultdict(list)

    async def add(self, row_type: type[Base], **values: Any) -> Any:
        if row_type in (MessageRow, NotificationRow) and "user_id" not in values:
            values["user_id"] = await self._caller()
        if row_type is WorkflowExecutionRow:
            values["dedup_key"] = f"key {next(_number)}"
        if row_type is ApiKeyRow:
            values["allowed_operations"] = ["alerts", "createAlert"]
        make = getattr(self._make, factory_name(row_type))
        row = await make(**(_filled(row_type) | values))
        self.rows[row_type].append(row)
        return row

    async def _caller(self) -> str:
        """The user behind the client's calls, who alone reads what is private."""
        if SOMEBODY.user_id not in (user.id for user in self.rows[UserRow]):
            await self.add(UserRow, id=SOMEBODY.user_id)
        return SOMEBODY.user_id

    def ids(self, row_type: type[Base]) -> list[str]:
        return [id_of(row_type, row) for row in self.rows[row_type]]


def id_of(row_type: type[Base], row: Base) -> str:
    return global_id(row_type, getattr(row, key_name(row_type)))


def _filled(row_type: type[Base]) -> dict[str, Any]:
    """A value for each column that could be left empty, and a canary for each that is secret."""
    values = {}
    for name in attributes(row_type):
        facts = column_facts(row_type, name)
        if name in secret_columns(row_type):
            values[name] = f"{CANARY} {next(_number)}"
        elif facts.nullable and facts.refers_to is None:
            values[name] = next(iter(facts.kind)) if issubclass(facts.kind, TextEnum) else _VALUES[facts.kind]
    return values


async def make_sample(db: Database) -> Sample:
    sample = Sample(db)
    await sample.add(IotTokenRow, expires_at=2**40)
    await _accounts(sample)
    await _operations(sample)
    await _energy(sample)
    await _carbon(sample)
    for row_type in ROW_TYPES:
        while len(sample.rows[row_type]) < (1 if is_single(row_type) else 3):
            await sample.add(row_type)
    return sample


async def _accounts(sample: Sample) -> None:
    for _ in range(3):
        user = await sample.add(UserRow)
        await sample.add(UserSettingsRow, user_id=user.id)
        for _ in range(2):
            await sample.add(OAuthAccountRow, user_id=user.id)
            await sample.add(RefreshTokenRow, user_id=user.id)
            await sample.add(ApiKeyRow, user_id=user.id)
            workflow = await sample.add(WorkflowRow, user_id=user.id, published_by=user.id)
            first = None
            for _ in range(2):
                run = await sample.add(
                    WorkflowExecutionRow, workflow_id=workflow.id, user_id=user.id, redo_of_id=first
                )
                first = run.id
    versions = sample.db.repositories().workflow_versions  # the database keeps them by itself
    sample.rows[WorkflowVersionRow] = await versions.all("version", frozenset(attributes(WorkflowVersionRow)))


async def _operations(sample: Sample) -> None:
    """Each row's users are different ones, so that no two relations lead to the same."""
    one, two, three = (user.id for user in sample.rows[UserRow][:3])
    for _ in range(3):
        await sample.add(AlertRow, acknowledged_by=one, resolved_by=two, assignee_id=three)
        await sample.add(MaintenanceReminderRow, completed_by=one)
        fault = await sample.add(FaultRow, reporter_id=one, assignee_id=two)
        for _ in range(2):
            await sample.add(FaultChangeRow, fault_id=fault.id, user_id=three)


async def _energy(sample: Sample) -> None:
    for _ in range(3):
        area = await sample.add(EnergyAreaRow)
        for hour in range(2):
            at = datetime(2026, 6, 1, hour, tzinfo=UTC)
            await sample.add(EnergyReadingRow, area_id=area.id, reading_at=at, k_wh=0.1)


async def _carbon(sample: Sample) -> None:
    above = None
    for _ in range(3):
        factor = await sample.add(CarbonFactorRow, value=0.7)
        for _ in range(2):
            node = await sample.add(CarbonFactorNodeRow, factor_id=factor.id, parent_id=above)
            above = node.id
