"""What each step of a login with an external account gives."""

from dataclasses import dataclass

from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.db.enums import OAuthProvider


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that was begun: where the page sends the browser, and what it keeps until the end."""

    authorize_url: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Started:
    """Where the provider is, and the cookie of the browser that goes there."""

    authorize_url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Where the browser goes in the end, and what it takes along there; never a token."""

    return_to: str
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a one-time code was worth: a session, an account that nobody has linked yet, or one linked now."""

    sign_in: SignIn | None = None
    bind_token: str | None = None
    nickname: str | None = None
    linked: OAuthProvider | None = None
