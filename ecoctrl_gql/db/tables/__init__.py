"""The mapped classes, one a table; importing this module fills ``Base.metadata``."""

from ecoctrl_gql.db.tables.alerts import AlertRow
from ecoctrl_gql.db.tables.api_keys import ApiKeyRow
from ecoctrl_gql.db.tables.audit_entries import AuditEntryRow
from ecoctrl_gql.db.tables.backup_schedules import BackupScheduleRow
from ecoctrl_gql.db.tables.carbon_factor_nodes import CarbonFactorNodeRow
from ecoctrl_gql.db.tables.carbon_factors import CarbonFactorRow
from ecoctrl_gql.db.tables.dashboard_models import DashboardModelRow
from ecoctrl_gql.db.tables.dashboard_widgets import DashboardWidgetRow
from ecoctrl_gql.db.tables.energy_areas import EnergyAreaRow
from ecoctrl_gql.db.tables.energy_readings import EnergyReadingRow
from ecoctrl_gql.db.tables.event_readers import EventReaderRow
from ecoctrl_gql.db.tables.event_trims import EventTrimRow
from ecoctrl_gql.db.tables.events import EventRow
from ecoctrl_gql.db.tables.fault_changes import FaultChangeRow
from ecoctrl_gql.db.tables.fault_stats import FaultStatsRow
from ecoctrl_gql.db.tables.faults import FaultRow
from ecoctrl_gql.db.tables.files import FileRow
from ecoctrl_gql.db.tables.iot_tokens import IotTokenRow
from ecoctrl_gql.db.tables.maintenance_reminders import MaintenanceReminderRow
from ecoctrl_gql.db.tables.messages import MessageRow
from ecoctrl_gql.db.tables.models import ModelRow
from ecoctrl_gql.db.tables.notifications import NotificationRow
from ecoctrl_gql.db.tables.oauth_accounts import OAuthAccountRow
from ecoctrl_gql.db.tables.oauth_states import OAuthStateRow
from ecoctrl_gql.db.tables.oauth_tickets import OAuthTicketRow
from ecoctrl_gql.db.tables.objects import IotObjectRow
from ecoctrl_gql.db.tables.platform_configs import PlatformConfigRow
from ecoctrl_gql.db.tables.rate_limits import RateLimitRow
from ecoctrl_gql.db.tables.refresh_tokens import RefreshTokenRow
from ecoctrl_gql.db.tables.report_plans import ReportPlanRow
from ecoctrl_gql.db.tables.report_templates import ReportTemplateRow
from ecoctrl_gql.db.tables.spent_refresh_tokens import SpentRefreshTokenRow
from ecoctrl_gql.db.tables.user_settings import UserSettingsRow
from ecoctrl_gql.db.tables.users import UserRow
from ecoctrl_gql.db.tables.verification_codes import VerificationCodeRow
from ecoctrl_gql.db.tables.workflow_executions import WorkflowExecutionRow
from ecoctrl_gql.db.tables.workflow_holds import WorkflowHoldRow
from ecoctrl_gql.db.tables.workflow_steps import WorkflowStepRow
from ecoctrl_gql.db.tables.workflow_triggers import WorkflowTriggerRow
from ecoctrl_gql.db.tables.workflow_versions import WorkflowVersionRow
from ecoctrl_gql.db.tables.workflows import WorkflowRow

__all__ = [
    "AlertRow",
    "ApiKeyRow",
    "AuditEntryRow",
    "BackupScheduleRow",
    "CarbonFactorNodeRow",
    "CarbonFactorRow",
    "DashboardModelRow",
    "DashboardWidgetRow",
    "EnergyAreaRow",
    "EnergyReadingRow",
    "EventReaderRow",
    "EventRow",
    "EventTrimRow",
    "FaultChangeRow",
    "FaultRow",
    "FaultStatsRow",
    "FileRow",
    "IotObjectRow",
    "IotTokenRow",
    "MaintenanceReminderRow",
    "MessageRow",
    "ModelRow",
    "NotificationRow",
    "OAuthAccountRow",
    "OAuthStateRow",
    "OAuthTicketRow",
    "PlatformConfigRow",
    "RateLimitRow",
    "RefreshTokenRow",
    "ReportPlanRow",
    "ReportTemplateRow",
    "SpentRefreshTokenRow",
    "UserRow",
    "UserSettingsRow",
    "VerificationCodeRow",
    "WorkflowExecutionRow",
    "WorkflowHoldRow",
    "WorkflowRow",
    "WorkflowStepRow",
    "WorkflowTriggerRow",
    "WorkflowVersionRow",
]
