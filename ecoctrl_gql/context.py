"""What a request carries to its resolvers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.requests import HTTPConnection

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.repositories import Repositories


@dataclass
class Context:
    """
    The context of one HTTP request, or of one websocket for as long as it lasts.

    Attributes:
        db: The database.
        role: What the caller may do; None for nobody logged in.
        request: The request, or the websocket.
        response: The response that headers can be added to; None for a websocket.
    """

    db: Database
    role: Role | None
    request: HTTPConnection | None = None
    response: Any = None

    @cached_property
    def repos(self) -> Repositories:
        """The repositories, whose loaders live as long as the request; made when first asked for."""
        return self.db.repositories()

    def forget_reads(self) -> None:
        """Begin with fresh loaders: after a change, and before each event of a subscription."""
        self.__dict__.pop("repos", None)
