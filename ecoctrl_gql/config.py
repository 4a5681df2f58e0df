"""
The settings, from the environment, then ``.env.local``, then ``.env``.

Names are EcoCtrl's, so that an existing deployment's file works.
"""

import os
import secrets
from contextlib import suppress
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ecoctrl_gql.errors import SetupError

JWT_SECRET_MIN_BYTES = 32


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


CommaList = Annotated[tuple[str, ...], NoDecode]


def _either(name: str, other: str) -> Any:
    """A setting that is understood by another name too."""
    return Field(None, validation_alias=AliasChoices(name, other))


class Settings(BaseSettings):
    """Everything that a deployment can set; each field is the environment variable of its name."""

    model_config = SettingsConfigDict(
        env_file=(".env", ".env.local"),
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    ecoctrl_env: Environment = Environment.DEVELOPMENT
    database_url: SecretStr | None = None
    data_dir: Path = Path("data")

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    worker: bool = True
    cors_origin: CommaList = ()
    trusted_proxies: CommaList = ()
    public_url: str | None = None

    jwt_secret: SecretStr | None = None
    access_token_lifetime_s: float = Field(900.0, ge=1, le=86_400)
    refresh_overlap_s: float = Field(20.0, ge=0, le=600)
    init_admin_username: str = "admin"
    init_admin_email: str = "admin@example.com"
    init_admin_password: SecretStr | None = None
    seed_password: SecretStr | None = None

    smtp_host: str | None = None
    smtp_port: int | None = Field(None, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_pass: SecretStr | None = None
    smtp_secure: bool | None = None
    mail_from: str | None = None

    wechat_app_id: str | None = _either("wechat_app_id", "wechat_appid")
    wechat_app_secret: SecretStr | None = _either("wechat_app_secret", "wechat_secret")
    feishu_app_id: str | None = _either("feishu_app_id", "feishu_appid")
    feishu_app_secret: SecretStr | None = _either("feishu_app_secret", "feishu_secret")
    wechat_open_url: str = "https://open.weixin.qq.com"
    wechat_api_url: str = "https://api.weixin.qq.com"
    feishu_accounts_url: str = "https://accounts.feishu.cn"
    feishu_api_url: str = "https://open.feishu.cn"
    oauth_return_to: CommaList = ()

    base_url: str | None = None
    app_id: str | None = None

    workflow_http_allow: CommaList = ()
    workflow_retention_days: float = Field(90.0, ge=0, le=36_500)
    workflow_database_write: CommaList = ("alerts", "energy_readings", "objects")

    log_level: str = "info"
    log_format: LogFormat | None = None

    graphiql: bool | None = None
    introspection: bool | None = None
    engine: bool = True
    request_timeout_s: float = Field(30.0, gt=0)
    event_retention_days: float = Field(7.0, gt=0, le=365)
    database_pool_size: int = Field(8, ge=1, le=200)

    @field_validator(
        "cors_origin",
        "trusted_proxies",
        "oauth_return_to",
        "workflow_http_allow",
        "workflow_database_write",
        mode="before",
    )
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.lower()
        if level not in ("debug", "info", "warning", "error"):
            raise ValueError("must be debug, info, warning or error")
        return level

    @property
    def production(self) -> bool:
        return self.ecoctrl_env is Environment.PRODUCTION

    @property
    def graphiql_enabled(self) -> bool:
        return not self.production if self.graphiql is None else self.graphiql

    @property
    def introspection_enabled(self) -> bool:
        return not self.production if self.introspection is None else self.introspection

    @property
    def loopback_only(self) -> bool:
        return is_loopback(self.host)

    @classmethod
    def load(cls) -> Self:
        """
        Read the settings and check that they are fit to run with.

        Raises:
            SetupError: A value is malformed, or production lacks a secret.
        """
        try:
            settings = cls()
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
                for problem in error.errors()
            )
            raise SetupError(f"These settings can't be used: {problems}.") from None
        settings.require_production_secrets()
        return settings

    def require_production_secrets(self) -> None:
        if not self.production:
            return
        if self.database_url is None:
            raise SetupError(
                "ECOCTRL_ENV=production needs DATABASE_URL: set it to postgresql://user:password@host/name."
            )
        if self.jwt_secret is None or len(self.jwt_secret.get_secret_value().encode()) < JWT_SECRET_MIN_BYTES:
            raise SetupError(
                f"ECOCTRL_ENV=production needs a JWT_SECRET of at least {JWT_SECRET_MIN_BYTES} bytes;"
                " `openssl rand -hex 32` makes one."
            )

    def secret_key(self) -> str:
        """``JWT_SECRET``, or one made once and kept in ``DATA_DIR`` (mode 0600)."""
        if self.jwt_secret is not None:
            return self.jwt_secret.get_secret_value()
        return kept_secret(self.data_dir / "jwt.secret")


def kept_secret(path: Path) -> str:
    """The secret that a file keeps; made at first use, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # linked into place whole, so that a crash leaves no empty secret and two starters agree on one
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as new:
            new.write(secrets.token_urlsafe(48))
            new.flush()
            os.fsync(new.fileno())
            with suppress(FileExistsError):
                os.link(new.name, path)
    return path.read_text(encoding="utf-8")


def is_loopback(host: str) -> bool:
    """Whether a server bound to this host is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
