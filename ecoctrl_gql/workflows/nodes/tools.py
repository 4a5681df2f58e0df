"""What nodes reach the world with: one set a process, made from the settings."""

from dataclasses import dataclass
from typing import Self

from ecoctrl_gql.auth.mail import Mailer
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.iot.gateway import Gateway
from ecoctrl_gql.workflows.nodes.addresses import Allowed
from ecoctrl_gql.workflows.nodes.web import Web


@dataclass(frozen=True, slots=True)
class Tools:
    """
    What nodes reach the world with.

    Attributes:
        settings: How the server is set up.
        web: Sends HTTP requests.
        mailer: Sends mail.
        gateway: Talks to the IoT gateway.
    """

    settings: Settings
    web: Web
    mailer: Mailer
    gateway: Gateway

    @classmethod
    def of(cls, settings: Settings, db: Database) -> Self:
        """
        The tools of a process.

        Raises:
            SetupError: A setting can't be used.
        """
        web = Web(Allowed.of(settings.workflow_http_allow))
        return cls(settings, web, Mailer(db, settings), Gateway(settings, db))
