from strawberry import Parent

from ecoctrl_gql.api.access import ADMINS, ANYONE, SUPER_ADMINS
from ecoctrl_gql.api.node import Node, auto, computed, node_type, view_type
from ecoctrl_gql.db.tables import BackupScheduleRow, PlatformConfigRow


@node_type(PlatformConfigRow, rule=SUPER_ADMINS)
class PlatformConfig(Node):
    platform_name: auto
    refresh_interval: auto
    realtime_alert_enabled: auto
    timezone: auto
    auto_backup: auto
    backup_retention_days: auto
    session_timeout: auto
    enforce_session_timeout: auto
    smtp_host: auto
    smtp_port: auto
    smtp_user: auto
    smtp_secure: auto
    allow_registration: auto
    allow_password_reset: auto
    allow_oauth_login: auto
    sessions_per_user: auto

    @computed("smtp_pass", description="Whether a password for the mail server is stored. It can't be read.")
    def smtp_pass_set(config: Parent[PlatformConfigRow]) -> bool:
        return config.smtp_pass != ""


@view_type(PlatformConfigRow, description="What everybody may know of the platform.", rule=ANYONE)
class PublicConfig:
    platform_name: auto
    refresh_interval: auto
    timezone: auto
    allow_registration: auto
    allow_password_reset: auto
    allow_oauth_login: auto


@node_type(BackupScheduleRow, rule=ADMINS)
class BackupSchedule(Node):
    next_backup: auto
