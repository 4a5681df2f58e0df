"""The command that looks whether everything a server needs is in order."""

import shutil
import smtplib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.config import JWT_SECRET_MIN_BYTES, Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.db.migrations.workflow_role import ROLE, workflow_role_is_usable
from ecoctrl_gql.errors import EcoctrlError, SetupError

TIMEOUT_S = 10.0
LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``fine`` is None where there was nothing to check."""

    fine: bool | None
    text: str


def doctor() -> None:
    """Check database, migrations, secrets, storage, mail and gateway, and say what to do."""
    settings = load_settings()
    failed = 0
    for name, check in CHECKS.items():
        finding = examined(check, settings)
        mark = {True: "ok     ", False: "PROBLEM", None: "unused "}[finding.fine]
        typer.echo(f"{mark} {name}: {finding.text}")
        failed += finding.fine is False
    if failed:
        raise SetupError(f"{failed} of {len(CHECKS)} checks found a problem.")
    typer.echo("All is well.")


def examined(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except EcoctrlError as error:
        return Finding(fine=False, text=error.message)
    except OSError as error:
        return Finding(fine=False, text=f"{error.filename or 'a file'}: {error.strerror}.")


def check_database(settings: Settings) -> Finding:
    with running_database(settings) as url:
        missing = migrations.pending(url)
    kind = "embedded" if settings.database_url is None else "DATABASE_URL"
    if missing:
        return Finding(fine=False, text=f"{kind}, lacks {len(missing)} migrations: run `ecoctrl migrate`.")
    return Finding(fine=True, text=f"{kind}, reached, all migrations applied.")


def check_workflow_role(settings: Settings) -> Finding:
    with running_database(settings) as url:
        usable = workflow_role_is_usable(url)
    if usable:
        return Finding(fine=True, text=f"nodes of type database act as {ROLE}.")
    return Finding(
        fine=None,
        text=f"workflows can't act as {ROLE}, so our checks alone hold them to their tables: as a superuser"
        f" run `CREATE ROLE {ROLE}; GRANT {ROLE} TO` the user of DATABASE_URL, then `ecoctrl migrate`.",
    )


def check_secrets(settings: Settings) -> Finding:
    secret = settings.secret_key()
    if len(secret.encode()) < JWT_SECRET_MIN_BYTES:
        return Finding(
            fine=False,
            text=f"JWT_SECRET has under {JWT_SECRET_MIN_BYTES} bytes; `openssl rand -hex 32` makes one.",
        )
    return Finding(
        fine=True, text="JWT_SECRET is set." if settings.jwt_secret else "a secret is kept in DATA_DIR."
    )


def check_storage(settings: Settings) -> Finding:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(
            fine=False, text=f"{folder} can't be written ({error.strerror}): set DATA_DIR to another."
        )
    if free < LOW_DISK_BYTES:
        return Finding(fine=False, text=f"{folder} has {free / 1e9:.1f} GB left: free some space.")
    return Finding(fine=True, text=f"{folder} can be written and has {free / 1e9:.0f} GB left.")


def check_mail(settings: Settings) -> Finding:
    host, port = settings.smtp_host, settings.smtp_port or 587
    if host is None:
        return Finding(
            fine=None, text="SMTP_HOST is not set, so no mail is sent from the environment's settings."
        )
    connect = smtplib.SMTP_SSL if settings.smtp_secure or port == smtplib.SMTP_SSL_PORT else smtplib.SMTP
    try:
        with connect(host, port, timeout=TIMEOUT_S) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            fine=False,
            text=f"{host}:{port} does not answer ({_reason(error)}): check SMTP_HOST and SMTP_PORT.",
        )
    return Finding(fine=True, text=f"{host}:{port} answers.")


def check_gateway(settings: Settings) -> Finding:
    if settings.base_url is None:
        return Finding(fine=None, text="BASE_URL is not set, so there is no IoT gateway.")
    try:
        httpx.get(settings.base_url, timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(
            fine=False, text=f"the IoT gateway does not answer ({_reason(error)}): check BASE_URL."
        )
    if not settings.app_id:
        return Finding(fine=False, text="the IoT gateway answers, but APP_ID is not set.")
    return Finding(fine=True, text="the IoT gateway answers.")


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


CHECKS: dict[str, Callable[[Settings], Finding]] = {
    "Database": check_database,
    "Role of workflows": check_workflow_role,
    "Secrets": check_secrets,
    "Storage": check_storage,
    "Mail": check_mail,
    "IoT gateway": check_gateway,
}
