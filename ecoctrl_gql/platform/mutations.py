from typing import Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.api.access import SUPER_ADMINS
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.auth.letters import trial
from ecoctrl_gql.auth.mail import MailError
from ecoctrl_gql.auth.names import usable_email
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.tables import PlatformConfigRow
from ecoctrl_gql.errors import ConflictError
from ecoctrl_gql.platform import service
from ecoctrl_gql.platform.types import PlatformConfig


def _given(description: str) -> Any:
    return strawberry.field(default=UNSET, description=f"{description} Not null.")


@strawberry.input(description="Changes of the platform's configuration; what is left out stays as it is.")
class UpdatePlatformConfigInput:
    platform_name: str | None = _given("The name that the user interface shows, 1–255 characters.")
    refresh_interval: int | None = _given("How often dashboards refresh, 1–86,400 seconds.")
    realtime_alert_enabled: bool | None = _given("Whether new alerts are shown at once.")
    timezone: str | None = _given("The site's time zone, as an IANA name.")
    auto_backup: bool | None = _given("Whether backups are made by themselves.")
    backup_retention_days: int | None = _given("How long backups are kept, 1–36,500 days.")
    session_timeout: int | None = _given(
        "After how much idleness a session ends where enforceSessionTimeout is set, 0–525,600 minutes; more"
        " than 7 days count as 7 days, 0 as no limit."
    )
    enforce_session_timeout: bool | None = _given(
        "Whether idle sessions end after sessionTimeout, those that are there already too."
    )
    sessions_per_user: int | None = _given("On how many devices one may be logged in, 0–1,000; 0: no limit.")
    smtp_host: str | None = _given("The mail server; empty for none.")
    smtp_port: int | None = _given("The mail server's port.")
    smtp_user: str | None = _given("The user name at the mail server.")
    smtp_pass: str | None = _given("The password there; it can't be read again.")
    smtp_secure: bool | None = _given("Whether the connection is TLS from its start.")
    allow_registration: bool | None = _given("Whether anybody may register.")
    allow_password_reset: bool | None = _given("Whether a forgotten password can be reset by mail.")
    allow_oauth_login: bool | None = _given("Whether users may log in with external accounts.")


@strawberry.input(description="Where to send a letter.")
class SendTestMailInput:
    to: str = strawberry.field(description="The mail address.")


@strawberry.type
class PlatformMutation:
    @mutation(
        rule=SUPER_ADMINS,
        description="Change the configuration of the platform.",
        gives={"platform_config": (PlatformConfig, "The configuration as it is now.")},
    )
    async def update_platform_config(
        self, info: Info[Any, Any], input: UpdatePlatformConfigInput
    ) -> PlatformConfigRow:
        context: Context = info.context
        given = {name: value for name, value in vars(input).items() if value is not UNSET}
        return await service.update_config(
            context.db, context.auth.sessions, context.person(), context.origin, given
        )

    @mutation(
        rule=SUPER_ADMINS,
        description="Send a letter by the platform's mail server, to see whether it works.",
        gives={"sent": (bool, "True: the mail server has taken the letter.")},
    )
    async def send_test_mail(self, info: Info[Any, Any], input: SendTestMailInput) -> bool:
        context: Context = info.context
        letter = trial(usable_email(input.to, "input", "to"))
        try:
            await context.auth.mailer.send(letter)
        except MailError as error:
            raise ConflictError(error.message) from None
        return True
