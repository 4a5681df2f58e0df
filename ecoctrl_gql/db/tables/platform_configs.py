from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import SECRET, Base, Mapped, serial_key, single_row


class PlatformConfigRow(Base):
    """The configuration of the whole platform; there is one row."""

    __tablename__ = "platform_configs"
    __table_args__ = (
        single_row("platform_configs"),
        CheckConstraint("sessions_per_user >= 0", name="sessions_per_user"),
    )

    id: Mapped[int] = serial_key()
    platform_name: Mapped[str] = mapped_column(
        String(255), server_default="EcoCtrl 能管平台", comment="The name that the user interface shows."
    )
    refresh_interval: Mapped[int] = mapped_column(
        server_default="30", comment="How often dashboards refresh, in seconds."
    )
    realtime_alert_enabled: Mapped[bool] = mapped_column(
        server_default="true", comment="Whether new alerts are shown at once."
    )
    timezone: Mapped[str] = mapped_column(
        String(100), server_default="Asia/Shanghai", comment="The site's time zone, as an IANA name."
    )
    auto_backup: Mapped[bool] = mapped_column(
        server_default="true", comment="Whether backups are made by themselves."
    )
    backup_retention_days: Mapped[int] = mapped_column(
        server_default="30", comment="How long backups are kept, in days."
    )
    session_timeout: Mapped[int] = mapped_column(
        server_default="30",
        comment="After how much idleness a session ends, in minutes, where enforceSessionTimeout is set. It"
        " begins when the session's access token expires, a quarter of an hour after the last refresh. 0: no"
        " limit.",
    )
    enforce_session_timeout: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether idle sessions end after sessionTimeout; else 7 days after the last refresh.",
    )
    smtp_host: Mapped[str] = mapped_column(
        String(255), server_default="", comment="The mail server; empty for none."
    )
    smtp_port: Mapped[int] = mapped_column(server_default="587", comment="The mail server's port.")
    smtp_user: Mapped[str] = mapped_column(
        String(255), server_default="", comment="The user name at the mail server."
    )
    smtp_pass: Mapped[str] = mapped_column(
        String(255), server_default="", info=SECRET, comment="The password there; secret."
    )
    smtp_secure: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether the connection is TLS from its start."
    )
    allow_registration: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether anybody may register."
    )
    allow_password_reset: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether a forgotten password can be reset by mail."
    )
    allow_oauth_login: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether users may log in with external accounts."
    )
    sessions_per_user: Mapped[int] = mapped_column(
        server_default="1",
        comment="On how many devices a user may be logged in at once; a login ends the oldest. 0: no limit.",
    )
