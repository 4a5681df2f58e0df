"""Who calls."""

from dataclasses import dataclass

from ecoctrl_gql.db.enums import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """
    A user who is logged in, or a machine with an API key of that user.

    Attributes:
        user_id: The key of the user.
        username: The user's name, for the log and the audit log.
        role: What the caller may do: the user's role, or a lower one that the API key is held to.
        session_id: The session of the access token; None for an API key.
        api_key_id: The API key; None for a person.
        allowed_operations: The root fields that an API key is held to; None for all.
    """

    user_id: str
    username: str
    role: Role
    session_id: str | None = None
    api_key_id: str | None = None
    allowed_operations: frozenset[str] | None = None
