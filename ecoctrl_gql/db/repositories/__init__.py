"""The repositories, one a table, under the table's name."""

from datetime import datetime
from functools import cached_property
from typing import Any

from ecoctrl_gql.db import locks
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.database import Runner
from ecoctrl_gql.db.housekeeping import NOW, TIDY
from ecoctrl_gql.db.repositories.alerts import AlertRepository
from ecoctrl_gql.db.repositories.api_keys import ApiKeyRepository
from ecoctrl_gql.db.repositories.audit_entries import AuditEntryRepository
from ecoctrl_gql.db.repositories.backup_schedules import BackupScheduleRepository
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.repositories.carbon_factor_nodes import CarbonFactorNodeRepository
from ecoctrl_gql.db.repositories.carbon_factors import CarbonFactorRepository
from ecoctrl_gql.db.repositories.dashboard_models import DashboardModelRepository
from ecoctrl_gql.db.repositories.dashboard_widgets import DashboardWidgetRepository
from ecoctrl_gql.db.repositories.energy_areas import EnergyAreaRepository
from ecoctrl_gql.db.repositories.energy_readings import EnergyReadingRepository
from ecoctrl_gql.db.repositories.event_readers import EventReaderRepository
from ecoctrl_gql.db.repositories.event_trims import EventTrimRepository
from ecoctrl_gql.db.repositories.events import EventRepository
from ecoctrl_gql.db.repositories.fault_changes import FaultChangeRepository
from ecoctrl_gql.db.repositories.fault_stats import FaultStatsRepository
from ecoctrl_gql.db.repositories.faults import FaultRepository
from ecoctrl_gql.db.repositories.files import FileRepository
from ecoctrl_gql.db.repositories.iot_tokens import IotTokenRepository
from ecoctrl_gql.db.repositories.maintenance_reminders import MaintenanceReminderRepository
from ecoctrl_gql.db.repositories.messages import MessageRepository
from ecoctrl_gql.db.repositories.models import ModelRepository
from ecoctrl_gql.db.repositories.notifications import NotificationRepository
from ecoctrl_gql.db.repositories.oauth_accounts import OAuthAccountRepository
from ecoctrl_gql.db.repositories.oauth_states import OAuthStateRepository
from ecoctrl_gql.db.repositories.oauth_tickets import OAuthTicketRepository
from ecoctrl_gql.db.repositories.objects import IotObjectRepository
from ecoctrl_gql.db.repositories.platform_configs import PlatformConfigRepository
from ecoctrl_gql.db.repositories.rate_limits import RateLimitRepository
from ecoctrl_gql.db.repositories.refresh_tokens import RefreshTokenRepository
from ecoctrl_gql.db.repositories.report_plans import ReportPlanRepository
from ecoctrl_gql.db.repositories.report_templates import ReportTemplateRepository
from ecoctrl_gql.db.repositories.spent_refresh_tokens import SpentRefreshTokenRepository
from ecoctrl_gql.db.repositories.user_settings import UserSettingsRepository
from ecoctrl_gql.db.repositories.users import UserRepository
from ecoctrl_gql.db.repositories.verification_codes import VerificationCodeRepository
from ecoctrl_gql.db.repositories.workflow_executions import WorkflowExecutionRepository
from ecoctrl_gql.db.repositories.workflow_holds import WorkflowHoldRepository
from ecoctrl_gql.db.repositories.workflow_steps import WorkflowStepRepository
from ecoctrl_gql.db.repositories.workflow_triggers import WorkflowTriggerRepository
from ecoctrl_gql.db.repositories.workflow_versions import WorkflowVersionRepository
from ecoctrl_gql.db.repositories.workflows import WorkflowRepository
from ecoctrl_gql.db.workflow_tables import WorkflowTables


class Repositories:
    """All repositories on one runner; each is made when it is first asked for."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def of(self, row_type: type[Base]) -> Repository[Any]:
        """The repository of a mapped class."""
        repository: Repository[Any] = getattr(self, row_type.__tablename__)
        return repository

    async def lock(self, name: str) -> None:
        """Wait for a lock, and hold it until the transaction ends."""
        await self._runner.fetch(locks.TAKE, {"name": name})

    async def try_lock(self, name: str) -> bool:
        """Take a lock until the transaction ends; False where another transaction holds it."""
        return (await self._runner.fetch(locks.TRY, {"name": name}))[0]

    async def now(self) -> datetime:
        """The database's time, which is the same for all processes."""
        return (await self._runner.fetch(NOW, {}))[0]

    async def tidy(self) -> None:
        """Remove what has expired."""
        for statement in TIDY:
            await self._runner.fetch(statement, {})

    @cached_property
    def alerts(self) -> AlertRepository:
        return AlertRepository(self._runner)

    @cached_property
    def api_keys(self) -> ApiKeyRepository:
        return ApiKeyRepository(self._runner)

    @cached_property
    def audit_entries(self) -> AuditEntryRepository:
        return AuditEntryRepository(self._runner)

    @cached_property
    def backup_schedules(self) -> BackupScheduleRepository:
        return BackupScheduleRepository(self._runner)

    @cached_property
    def carbon_factor_nodes(self) -> CarbonFactorNodeRepository:
        return CarbonFactorNodeRepository(self._runner)

    @cached_property
    def carbon_factors(self) -> CarbonFactorRepository:
        return CarbonFactorRepository(self._runner)

    @cached_property
    def dashboard_models(self) -> DashboardModelRepository:
        return DashboardModelRepository(self._runner)

    @cached_property
    def dashboard_widgets(self) -> DashboardWidgetRepository:
        return DashboardWidgetRepository(self._runner)

    @cached_property
    def energy_areas(self) -> EnergyAreaRepository:
        return EnergyAreaRepository(self._runner)

    @cached_property
    def energy_readings(self) -> EnergyReadingRepository:
        return EnergyReadingRepository(self._runner)

    @cached_property
    def event_trims(self) -> EventTrimRepository:
        return EventTrimRepository(self._runner)

    @cached_property
    def events(self) -> EventRepository:
        return EventRepository(self._runner)

    @cached_property
    def fault_changes(self) -> FaultChangeRepository:
        return FaultChangeRepository(self._runner)

    @cached_property
    def fault_stats(self) -> FaultStatsRepository:
        return FaultStatsRepository(self._runner)

    @cached_property
    def faults(self) -> FaultRepository:
        return FaultRepository(self._runner)

    @cached_property
    def files(self) -> FileRepository:
        return FileRepository(self._runner)

    @cached_property
    def iot_tokens(self) -> IotTokenRepository:
        return IotTokenRepository(self._runner)

    @cached_property
    def maintenance_reminders(self) -> MaintenanceReminderRepository:
        return MaintenanceReminderRepository(self._runner)

    @cached_property
    def models(self) -> ModelRepository:
        return ModelRepository(self._runner)

    @cached_property
    def notifications(self) -> NotificationRepository:
        return NotificationRepository(self._runner)

    @cached_property
    def oauth_accounts(self) -> OAuthAccountRepository:
        return OAuthAccountRepository(self._runner)

    @cached_property
    def oauth_states(self) -> OAuthStateRepository:
        return OAuthStateRepository(self._runner)

    @cached_property
    def oauth_tickets(self) -> OAuthTicketRepository:
        return OAuthTicketRepository(self._runner)

    @cached_property
    def objects(self) -> IotObjectRepository:
        return IotObjectRepository(self._runner)

    @cached_property
    def platform_configs(self) -> PlatformConfigRepository:
        return PlatformConfigRepository(self._runner)

    @cached_property
    def rate_limits(self) -> RateLimitRepository:
        return RateLimitRepository(self._runner)

    @cached_property
    def refresh_tokens(self) -> RefreshTokenRepository:
        return RefreshTokenRepository(self._runner)

    @cached_property
    def report_plans(self) -> ReportPlanRepository:
        return ReportPlanRepository(self._runner)

    @cached_property
    def report_templates(self) -> ReportTemplateRepository:
        return ReportTemplateRepository(self._runner)

    @cached_property
    def spent_refresh_tokens(self) -> SpentRefreshTokenRepository:
        return SpentRefreshTokenRepository(self._runner)

    @cached_property
    def user_settings(self) -> UserSettingsRepository:
        return UserSettingsRepository(self._runner)

    @cached_property
    def users(self) -> UserRepository:
        return UserRepository(self._runner)

    @cached_property
    def verification_codes(self) -> VerificationCodeRepository:
        return VerificationCodeRepository(self._runner)

    @cached_property
    def workflow_executions(self) -> WorkflowExecutionRepository:
        return WorkflowExecutionRepository(self._runner)

    @cached_property
    def workflows(self) -> WorkflowRepository:
        return WorkflowRepository(self._runner)

    @cached_property
    def event_readers(self) -> EventReaderRepository:
        return EventReaderRepository(self._runner)

    @cached_property
    def workflow_holds(self) -> WorkflowHoldRepository:
        return WorkflowHoldRepository(self._runner)

    @cached_property
    def workflow_steps(self) -> WorkflowStepRepository:
        return WorkflowStepRepository(self._runner)

    @cached_property
    def workflow_triggers(self) -> WorkflowTriggerRepository:
        return WorkflowTriggerRepository(self._runner)

    @cached_property
    def workflow_versions(self) -> WorkflowVersionRepository:
        return WorkflowVersionRepository(self._runner)

    @cached_property
    def messages(self) -> MessageRepository:
        return MessageRepository(self._runner)

    @cached_property
    def workflow_tables(self) -> WorkflowTables:
        """The tables as workflows see them; within a transaction."""
        return WorkflowTables(self._runner)
