"""Write sample users, dashboards and a believable building with a year of data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ecoctrl_gql.auth.passwords import new_password, password_hash, require_usable
from ecoctrl_gql.db import tables
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.bulk import Bulk, bulk_transaction
from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.errors import BadInputError, SetupError
from ecoctrl_gql.progress import Progress, Silent
from ecoctrl_gql.seed import (
    alerts,
    carbon,
    configuration,
    executions,
    faults,
    maintenance,
    objects,
    users,
    widgets,
    workflows,
)
from ecoctrl_gql.seed.campus import AREAS
from ecoctrl_gql.seed.energy import area_rows, reading_rows
from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.rows import Row

LOCK = "seed"


@dataclass(frozen=True, slots=True)
class SeedResult:
    """
    What a run of the seed added.

    Attributes:
        added: Numbers of new rows by table; tables without any are left out.
        logins: Name and role of each user that was made and may log in.
        password: The password of those users, None when there are none.
        made_password: Whether it was made here and must be shown.
    """

    added: dict[str, int]
    logins: list[tuple[str, Role]]
    password: str | None
    made_password: bool

    def __str__(self) -> str:
        if not self.added:
            return "The sample data is there already; nothing was changed."
        rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in self.added.items())
        return f"Added {rows}."


def seed(
    conninfo: str, *, now: datetime, password: str | None = None, progress: Progress | None = None
) -> SeedResult:
    """
    Add the sample data to a migrated database, all of it or nothing.

    What is there already stays as it is; what belongs to a row (the readings of an area, the runs of a
    workflow, the settings of a user) is added along with that row only, so that a second run changes
    nothing and real areas get no made-up readings.

    Args:
        conninfo: The database.
        now: The time that the data leads up to, with its offset.
        password: The password of the sample users; a random one when None.
        progress: Who is told how far it is.

    Raises:
        SetupError: The password can't be used.
        UnavailableError: The database is away.
    """
    used_password = password or new_password()
    try:
        require_usable(used_password)
    except BadInputError as error:
        raise SetupError(f"SEED_PASSWORD can't be used. {error.message}") from None
    with bulk_transaction(conninfo, LOCK) as bulk:
        seeding = Seeding(bulk, now, progress or Silent())
        logins = seeding.run(password_hash(used_password))
    return SeedResult(
        added=seeding.added,
        logins=logins,
        password=used_password if logins else None,
        made_password=not password and bool(logins),
    )


class Seeding:
    """One run of the seed, within one transaction."""

    def __init__(self, bulk: Bulk, now: datetime, progress: Progress) -> None:
        self.added: dict[str, int] = {}
        self._bulk = bulk
        self._now = now
        self._progress = progress

    def run(self, password: str) -> list[tuple[str, Role]]:
        """Add everything; name and role of each user that was made."""
        self._progress.step("Configuration, objects and carbon factors")
        self._add_configuration()
        history = History(self._now, ZoneInfo(self._bulk.platform_timezone()))
        self._add_energy(history)
        self._progress.step("Users, dashboard, operations and workflows")
        self._add(tables.DashboardWidgetRow, widgets.widget_rows(history), same=["metric_key"])
        user_ids = self._add_users(password)
        self._add_operations(history, user_ids)
        self._add_workflows(user_ids.get(Role.ADMIN))
        return [
            (username, role)
            for username, role in users.PEOPLE.items()
            if username in user_ids and users.STATUSES.get(username) is not UserStatus.DISABLED
        ]

    def _add_configuration(self) -> None:
        self._add(tables.PlatformConfigRow, [configuration.config_row()], same=[])
        self._add(tables.IotObjectRow, objects.object_rows(self._now), same=["code"])
        self._add(tables.CarbonFactorRow, carbon.factor_rows())
        self._add(tables.CarbonFactorNodeRow, carbon.node_rows())
        self._add(tables.ReportPlanRow, configuration.plan_rows())
        self._add(tables.ReportTemplateRow, configuration.template_rows(), same=["name"])
        self._add(tables.DashboardModelRow, [configuration.scene_row(self._now)], same=[])

    def _add_energy(self, history: History) -> None:
        self._progress.step("A year of hourly readings", 2 * len(AREAS))
        for area in AREAS:
            history.kwh(area)
            self._progress.advance()
        made = self._add(tables.EnergyAreaRow, area_rows(history), same=["title"], returning=["title", "id"])
        ids = dict(made)
        for area in AREAS:
            if area.title in ids:
                rows = reading_rows(area, ids[area.title], history)
                self._add(tables.EnergyReadingRow, rows, same=["area_id", "reading_at"])
            self._progress.advance()

    def _add_operations(self, history: History, user_ids: Mapping[str, str]) -> None:
        local_now = self._now.astimezone(history.zone)
        happened = alerts.alert_rows(self._now, user_ids)
        made = {key for (key,) in self._add(tables.AlertRow, happened)}
        told = alerts.notification_rows([alert for alert in happened if alert["id"] in made])
        self._add(tables.NotificationRow, told)
        made = {key for (key,) in self._add(tables.FaultRow, faults.fault_rows(self._now, user_ids))}
        self._add(tables.FaultChangeRow, faults.fault_change_rows(self._now, user_ids, made))
        self._add(tables.FaultStatsRow, [faults.fault_stats_row(self._now)], same=[])
        tasks = maintenance.maintenance_rows(local_now.date(), user_ids)
        self._add(tables.MaintenanceReminderRow, tasks)
        self._add(tables.BackupScheduleRow, [configuration.backup_schedule_row(local_now)], same=[])

    def _add_users(self, password: str) -> dict[str, str]:
        """The keys of the users that were made, by name."""
        rows = users.user_rows(self._now, password)
        ids = dict(self._add(tables.UserRow, rows, same=["username"], returning=["username", "id"]))
        self._add(tables.UserSettingsRow, users.settings_rows(ids, self._now), same=["user_id"])
        return ids

    def _add_workflows(self, owner_id: str | None) -> None:
        made = self._add(tables.WorkflowRow, workflows.workflow_rows(self._now, owner_id), same=["slug"])
        ids = {workflow_id for (workflow_id,) in made}
        for workflow in workflows.sample_workflows():
            if workflows.workflow_id(workflow) in ids:
                self._add(tables.WorkflowExecutionRow, executions.execution_rows(workflow, self._now))

    def _add(
        self,
        row_type: type[Base],
        rows: Iterable[Row],
        same: Sequence[str] | None = None,
        returning: Sequence[str] = (),
    ) -> list[tuple[Any, ...]]:
        inserted = self._bulk.insert_missing(row_type, rows, same=same, returning=returning)
        if inserted:
            table = row_type.__tablename__
            self.added[table] = self.added.get(table, 0) + len(inserted)
        return inserted
