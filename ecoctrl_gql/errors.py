"""The errors that a caller is told of, each with a stable code."""

from typing import Any, ClassVar


class EcoctrlError(Exception):
    """
    An error whose message is meant for the caller; all others are masked.

    Attributes:
        field: The path into a mutation's input that it is about; empty for all of it.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, message: str, *, field: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.field = field

    @property
    def message(self) -> str:
        return str(self)

    @property
    def extensions(self) -> dict[str, Any]:
        """What stands under ``extensions`` of the GraphQL error."""
        return {"code": self.code}


class BadInputError(EcoctrlError):
    """The request holds a value that can't be used."""

    code = "BAD_USER_INPUT"


class NotFoundError(EcoctrlError):
    """What the request names is not there."""

    code = "NOT_FOUND"


class ConflictError(EcoctrlError):
    """The change contradicts what is stored: a duplicate, or something still in use."""

    code = "CONFLICT"


class UnauthenticatedError(EcoctrlError):
    """Nobody is logged in."""

    code = "UNAUTHENTICATED"


class TokenExpiredError(UnauthenticatedError):
    """The access token was good once; a refreshed session gives a new one."""


class InvalidCredentialsError(EcoctrlError):
    """What should prove who the caller is does not: a name and password, or a code."""

    code = "INVALID_CREDENTIALS"


class RateLimitedError(EcoctrlError):
    """
    Too many attempts.

    Attributes:
        retry_after_s: In how many seconds the next one is let through.
    """

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s

    @property
    def extensions(self) -> dict[str, Any]:
        return super().extensions | {"retryAfter": self.retry_after_s}


class ForbiddenError(EcoctrlError):
    """The caller's role is too low."""

    code = "FORBIDDEN"


class QueryTooComplexError(EcoctrlError):
    """The operation is too deep, too wide or too costly to run."""

    code = "QUERY_TOO_COMPLEX"


class TimedOutError(EcoctrlError):
    """The request did not finish before its deadline."""

    code = "TIMEOUT"


class UnavailableError(EcoctrlError):
    """The database can't be reached just now; the same request may succeed later."""

    code = "SERVICE_UNAVAILABLE"

    @property
    def extensions(self) -> dict[str, Any]:
        return super().extensions | {"retryable": True}


class SetupError(EcoctrlError):
    """The server can't start or a command can't run as configured; the message says what to do."""

    code = "SETUP"
