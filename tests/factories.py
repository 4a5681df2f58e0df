"""Makes rows for tests, with believable values for what a test doesn't name."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.tables import (
    AlertRow,
    ApiKeyRow,
    AuditEntryRow,
    BackupScheduleRow,
    CarbonFactorNodeRow,
    CarbonFactorRow,
    DashboardModelRow,
    DashboardWidgetRow,
    EnergyAreaRow,
    EnergyReadingRow,
    FaultChangeRow,
    FaultRow,
    FaultStatsRow,
    FileRow,
    IotObjectRow,
    IotTokenRow,
    MaintenanceReminderRow,
    MessageRow,
    ModelRow,
    NotificationRow,
    OAuthAccountRow,
    PlatformConfigRow,
    RefreshTokenRow,
    ReportPlanRow,
    ReportTemplateRow,
    UserRow,
    UserSettingsRow,
    WorkflowExecutionRow,
    WorkflowRow,
    WorkflowVersionRow,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

_number = count(1)


class Factories:
    """One method a table; foreign keys that a test doesn't name get a row of their own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def _row(self, row_type: type[Base], values: dict[str, Any], **defaults: Any) -> Any:
        async with self._db.transaction() as repos:
            return await repos.of(row_type).create(**(defaults | values))

    async def _key(self, values: dict[str, Any], name: str, make: Any) -> None:
        if name not in values:
            values[name] = (await make()).id

    async def alert(self, **values: Any) -> AlertRow:
        defaults = {
            "device": "Chiller 1",
            "level": "high",
            "message": "Supply water above 9 °C",
            "time": NOON,
        }
        return await self._row(AlertRow, values, **defaults)

    async def fault(self, **values: Any) -> FaultRow:
        return await self._row(FaultRow, values, device="Pump 2", level="severe", time=NOON)

    async def fault_change(self, **values: Any) -> FaultChangeRow:
        await self._key(values, "fault_id", self.fault)
        steps = {"from_status": "open", "to_status": "in_maintenance", "changed_at": NOON}
        return await self._row(FaultChangeRow, values, **steps)

    async def fault_stats(self, **values: Any) -> FaultStatsRow:
        return await self._row(FaultStatsRow, values, total_count=24, trend="-12%", mttr=4.2)

    async def maintenance_reminder(self, **values: Any) -> MaintenanceReminderRow:
        return await self._row(
            MaintenanceReminderRow, values, task="Change the filters", due_date=date(2026, 7, 1)
        )

    async def energy_area(self, **values: Any) -> EnergyAreaRow:
        return await self._row(
            EnergyAreaRow,
            values,
            title=f"Building {next(_number)}",
            current=1200,
            target=1500,
            color="blue",
            power_factor=0.5,
            load_rate="72%",
        )

    async def energy_reading(self, **values: Any) -> EnergyReadingRow:
        return await self._row(EnergyReadingRow, values, hour="12:00", k_wh=2.5, reading_at=NOON)

    async def carbon_factor(self, **values: Any) -> CarbonFactorRow:
        defaults = {"name": f"Factor {next(_number)}", "value": 0.5, "unit": "kWh", "category": "Electricity"}
        return await self._row(CarbonFactorRow, values, **defaults)

    async def carbon_factor_node(self, **values: Any) -> CarbonFactorNodeRow:
        return await self._row(CarbonFactorNodeRow, values, name=f"Node {next(_number)}")

    async def iot_object(self, **values: Any) -> IotObjectRow:
        number = next(_number)
        return await self._row(
            IotObjectRow, values, code=f"C_{number}", name=f"Meter {number}", type="meter", metadata_={}
        )

    async def iot_token(self, **values: Any) -> IotTokenRow:
        return await self._row(
            IotTokenRow,
            values,
            access_token="canary-a",
            refresh_token="canary-r",
            expires_at=1_790_000_000_000,
        )

    async def dashboard_widget(self, **values: Any) -> DashboardWidgetRow:
        layout = {"layout_x": 1, "layout_y": 1, "layout_w": 4, "layout_h": 2}
        defaults = {"metric_key": f"metric-{next(_number)}", "icon": "bolt", "data_type": "stat"} | layout
        return await self._row(DashboardWidgetRow, values, **defaults)

    async def dashboard_model(self, **values: Any) -> DashboardModelRow:
        return await self._row(DashboardModelRow, values, camera_preset="Top_View")

    async def report_plan(self, **values: Any) -> ReportPlanRow:
        return await self._row(
            ReportPlanRow, values, name="Weekly", receiver="ops@example.org", frequency="每周一"
        )

    async def report_template(self, **values: Any) -> ReportTemplateRow:
        return await self._row(ReportTemplateRow, values, name="Monthly energy", count="48 份", icon="📊")

    async def backup_schedule(self, **values: Any) -> BackupScheduleRow:
        return await self._row(BackupScheduleRow, values, next_backup="2026-07-01T02:00:00+08:00")

    async def platform_config(self, **values: Any) -> PlatformConfigRow:
        return await self._row(PlatformConfigRow, values, platform_name="Campus")

    async def model(self, **values: Any) -> ModelRow:
        defaults = {"name": "Campus", "format": "GLB", "size": "1.2 MB", "file_url": "/static/models/a.glb"}
        return await self._row(ModelRow, values, **defaults)

    async def file(self, **values: Any) -> FileRow:
        defaults = {"name": "Plan.pdf", "filename": "a.pdf", "mime_type": "application/pdf", "size": 1024}
        return await self._row(FileRow, values, **defaults)

    async def user(self, **values: Any) -> UserRow:
        name = f"user{next(_number)}"
        return await self._row(
            UserRow, values, username=name, email=f"{name}@example.org", password="canary-p"
        )

    async def notification(self, **values: Any) -> NotificationRow:
        await self._key(values, "user_id", self.user)
        return await self._row(NotificationRow, values, title="Alert: Chiller 1", created_at=NOON)

    async def api_key(self, **values: Any) -> ApiKeyRow:
        await self._key(values, "user_id", self.user)
        defaults = {"name": "Gateway", "role": "viewer", "prefix": "eck_abcdefgh"}
        return await self._row(ApiKeyRow, values, key_hash=uuid4().hex, **defaults)

    async def audit_entry(self, **values: Any) -> AuditEntryRow:
        return await self._row(AuditEntryRow, values, action="user.created", created_at=NOON)

    async def oauth_account(self, **values: Any) -> OAuthAccountRow:
        await self._key(values, "user_id", self.user)
        defaults = {"provider": "wechat", "provider_user_id": uuid4().hex}
        return await self._row(
            OAuthAccountRow, values, access_token="canary-a", refresh_token="canary-r", **defaults
        )

    async def session(self, **values: Any) -> RefreshTokenRow:
        await self._key(values, "user_id", self.user)
        return await self._row(RefreshTokenRow, values, token_hash=uuid4().hex, expires_at=NOON)

    async def user_settings(self, **values: Any) -> UserSettingsRow:
        await self._key(values, "user_id", self.user)
        return await self._row(UserSettingsRow, values, settings={"language": "zh-CN"})

    async def workflow(self, **values: Any) -> WorkflowRow:
        number = next(_number)
        dsl = {"version": "1.0", "trigger": {"type": "manual", "config": {}}, "nodes": [], "edges": []}
        return await self._row(
            WorkflowRow, values, name=f"Workflow {number}", slug=f"workflow-{number}", dsl=dsl
        )

    async def workflow_version(self, **values: Any) -> WorkflowVersionRow:
        await self._key(values, "workflow_id", self.workflow)
        return await self._row(
            WorkflowVersionRow, values, version=100 + next(_number), dsl={"version": "1.0"}
        )

    async def message(self, **values: Any) -> MessageRow:
        return await self._row(MessageRow, values, type="update:widgets", event_id="1", payload={"kw": 3})

    async def workflow_execution(self, **values: Any) -> WorkflowExecutionRow:
        await self._key(values, "workflow_id", self.workflow)
        log = {
            "nodeId": "begin",
            "nodeName": "Begin",
            "nodeType": "start",
            "status": "completed",
            "durationMs": 3,
        }
        result = {"output": {"kwh": 12.5}, "nodeLogs": [log]}
        defaults = {"status": "completed", "started_at": NOON, "trigger_data": {"source": "manual"}}
        return await self._row(WorkflowExecutionRow, values, result=result, **defaults)
