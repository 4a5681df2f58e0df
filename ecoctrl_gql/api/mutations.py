"""
What all mutations share: one input, one payload with what changed and what was wrong with the input.

A service raises what the caller can cause and repair; the payload tells it as user errors. All else (nobody
logged in, the database away, a fault of ours) is an error of the operation.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from ecoctrl_gql.api.access import ANYONE, Access
from ecoctrl_gql.api.enums import as_graphql_enum
from ecoctrl_gql.db.enums import TextEnum
from ecoctrl_gql.errors import (
    BadInputError,
    ConflictError,
    EcoctrlError,
    ForbiddenError,
    InvalidCredentialsError,
    NotFoundError,
)

REPAIRABLE = (BadInputError, NotFoundError, ConflictError, ForbiddenError, InvalidCredentialsError)


class UserErrorCode(TextEnum):
    """What kind of mistake an input holds."""

    BAD_USER_INPUT = "BAD_USER_INPUT", "A value can't be used."
    NOT_FOUND = "NOT_FOUND", "What the input names is not there."
    CONFLICT = (
        "CONFLICT",
        "It contradicts what is stored: a duplicate, something in use, a change in between.",
    )
    FORBIDDEN = "FORBIDDEN", "The caller may not do this to this thing."
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS", "A name and password, or a code, that is not right."


as_graphql_enum(UserErrorCode)


@strawberry.type(description="Something that the caller can repair in the input.", directives=[ANYONE])
class UserError:
    code: UserErrorCode = strawberry.field(description="What kind of mistake it is.")
    field: list[str] = strawberry.field(
        description="The path into the input; empty for the input as a whole."
    )
    message: str = strawberry.field(description="What to do, in a sentence.")


@dataclass(frozen=True, slots=True)
class UserErrorRecord:
    code: str
    field: list[str]
    message: str


class Payload:
    """What lies behind a payload: the values that a mutation gave, or else user errors."""

    def __init__(self, values: dict[str, Any], errors: list[UserErrorRecord]) -> None:
        self.__dict__.update(values)
        self.user_errors = errors


@dataclass(frozen=True, slots=True)
class Partly:
    """
    What a mutation of many things returns that did some of it.

    Attributes:
        result: What it would return had all been done.
        errors: Why the others were left as they were, each with the path to what it is about.
    """

    result: Any
    errors: Sequence[EcoctrlError]


Given = dict[str, tuple[Any, str]]
"""The fields of a payload: annotation and description by name."""


def mutation(
    *, rule: Access, description: str, gives: Given
) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """
    Make a resolver a mutation.

    Args:
        rule: Who may call it.
        description: What it does.
        gives: What its payload holds besides the user errors. With one field the resolver returns its
            value, with several an object that has them as attributes; each is null on failure.
    """

    def decorate(resolve: Callable[..., Awaitable[Any]]) -> Any:
        what = strawberry.argument(description="What it needs to know.")
        resolve.__annotations__["input"] = Annotated[resolve.__annotations__["input"], what]

        @wraps(resolve)
        async def guarded(*arguments: Any, info: strawberry.Info[Any, Any], **named: Any) -> Payload:
            try:
                result = await resolve(*arguments, info=info, **named)
            except REPAIRABLE as error:
                return Payload(dict.fromkeys(gives), [user_error(error)])
            finally:
                info.context.forget_reads()  # whatever the payload shows is read after the change
            errors: Sequence[EcoctrlError] = ()
            if isinstance(result, Partly):
                result, errors = result.result, result.errors
            values = {name: result if len(gives) == 1 else getattr(result, name) for name in gives}
            return Payload(values, [user_error(error) for error in errors])

        return strawberry.mutation(
            resolver=guarded,
            description=description,
            directives=[rule],
            # Nullable: one that fails must not take the answers of those before it along.
            graphql_type=_payload_type(resolve.__name__, gives) | None,
        )

    return decorate


def user_error(error: EcoctrlError) -> UserErrorRecord:
    return UserErrorRecord(error.code, [to_camel_case(step) for step in error.field], error.message)


def _payload_type(mutation_name: str, gives: Given) -> type[Any]:
    name = f"{to_camel_case(mutation_name)[0].upper()}{to_camel_case(mutation_name)[1:]}Payload"
    made = type(name, (), {"__annotations__": {}})
    for field_name, (annotation, description) in gives.items():
        made.__annotations__[field_name] = annotation | None
        setattr(made, field_name, strawberry.field(description=description))
    made.__annotations__["user_errors"] = list[UserError]
    made.user_errors = strawberry.field(  # type: ignore[attr-defined]  # the class is made here
        description="What was wrong with the input; empty when all is done."
    )
    return strawberry.type(
        made, description=f"What {to_camel_case(mutation_name)} gives.", directives=[ANYONE]
    )
