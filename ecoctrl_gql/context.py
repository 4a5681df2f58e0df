"""What a request carries to its resolvers."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from starlette.requests import HTTPConnection

from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.watch import Watched
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import ForbiddenError, QueryTooComplexError, UnauthenticatedError
from ecoctrl_gql.events.stream import EventStream

MAX_ROWS = 100_000
"""The most rows that the lists of one operation may ask for together; more would fill the memory."""


@dataclass
class Context:
    """
    The context of one HTTP request, or of one websocket for as long as it lasts.

    Attributes:
        db: The database.
        events: What happens, for those who follow it.
        auth: How callers log in, stay logged in and are told apart.
        caller: Who calls; None for nobody logged in.
        refused: Why the token that came with the request was not taken; None where it was, or none came.
        connection_params: What a websocket's ``connection_init`` brought; None for a request.
        watched: What ends the websocket when the right to it ends; None for a request, or without a login.
        request: The request, or the websocket.
        response: The response that headers can be added to; None for a websocket.
        rows_asked: How many rows the lists of the operation have asked for so far.
    """

    db: Database
    events: EventStream
    auth: Auth
    caller: Caller | None = None
    refused: UnauthenticatedError | None = None
    connection_params: dict[str, Any] | None = None
    watched: Watched | None = None
    request: HTTPConnection | None = None
    response: Any = None
    rows_asked: int = 0

    @property
    def role(self) -> Role | None:
        """What the caller may do; None for nobody logged in."""
        return None if self.caller is None else self.caller.role

    def signed_in(self) -> Caller:
        """
        Who calls.

        Raises:
            UnauthenticatedError: Nobody is logged in.
        """
        if self.caller is None:
            raise self.refused or UnauthenticatedError("This needs a login.")
        return self.caller

    def person(self) -> Caller:
        """
        Who calls, logged in by oneself: what concerns accounts is not for machines.

        Raises:
            UnauthenticatedError: Nobody is logged in.
            ForbiddenError: It is an API key.
        """
        caller = self.signed_in()
        if caller.api_key_id is not None:
            raise ForbiddenError("An API key may not do this; log in.")
        return caller

    @property
    def client_address(self) -> str:
        """The network address of the client; empty where there is none."""
        client = self.request.client if self.request is not None else None
        return client.host if client is not None else ""

    @property
    def origin(self) -> Origin:
        """Where the request comes from, for sessions and the audit log."""
        device = self.request.headers.get("user-agent", "") if self.request is not None else ""
        return Origin(self.client_address, device)

    @cached_property
    def repos(self) -> Repositories:
        """The repositories, whose loaders live as long as the request; made when first asked for."""
        return self.db.repositories()

    def for_operation(self) -> Self:
        """The context of one of the operations that a websocket carries: with reads of its own."""
        context = copy(self)
        context.forget_reads()
        return context

    def for_events(self) -> Self:
        """A context for events that outlives the request, for all callers with the same rights."""
        context = self.for_operation()
        context.request = context.response = context.connection_params = context.watched = None
        return context

    def forget_reads(self) -> None:
        """Begin with fresh loaders: after a change, and before each event of a subscription."""
        self.__dict__.pop("repos", None)
        self.rows_asked = 0

    def spend_rows(self, rows: int) -> None:
        """
        Count the rows that a list may come to, before they are read.

        Raises:
            QueryTooComplexError: The lists of the operation come to too many.
        """
        self.rows_asked += rows
        if self.rows_asked > MAX_ROWS:
            raise QueryTooComplexError(
                f"The lists of this query may come to {self.rows_asked:,} rows; at most {MAX_ROWS:,} are"
                " allowed. Ask for smaller pages."
            )
