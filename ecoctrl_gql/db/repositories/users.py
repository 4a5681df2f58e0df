from typing import NamedTuple

from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.users import UserRow


class Account(NamedTuple):
    """What a login looks at."""

    id: str
    username: str
    email: str
    password: str | None
    role: Role
    status: UserStatus


# A name that looks like somebody else's address must not take that person's login: the address goes first.
BY_LOGIN: Statement[Account] = Statement(
    """
    SELECT id, username, email, password, role, status FROM users
    WHERE lower(username) = lower(%(login)s) OR lower(email) = lower(%(login)s)
    ORDER BY lower(email) = lower(%(login)s) DESC LIMIT 1
    """.strip(),
    lambda row: Account(row[0], row[1], row[2], row[3], Role(row[4]), UserStatus(row[5])),
)

NOTE_LOGIN: Statement[str] = Statement(
    """
    UPDATE users SET last_login = %(at)s,
        status = CASE status WHEN 'offline' THEN 'online' ELSE status END
    WHERE id = %(user_id)s AND status <> 'disabled' RETURNING id
    """.strip(),
    lambda row: row[0],
)

NOTE_LEAVING: Statement[str] = Statement(
    """
    UPDATE users u SET status = 'offline'
    WHERE id = %(user_id)s AND status IN ('online', 'busy')
        AND NOT EXISTS (SELECT FROM refresh_tokens s WHERE s.user_id = u.id AND s.expires_at > now())
    RETURNING id
    """.strip(),
    lambda row: row[0],
)


HAS_EMAIL: Statement[bool] = Statement(
    "SELECT EXISTS (SELECT FROM users WHERE lower(email) = lower(%(email)s))", lambda row: bool(row[0])
)


class UserRepository(Repository[UserRow]):
    row_type = UserRow
    name = "user"

    async def by_login(self, login: str) -> Account | None:
        """The account with a user name or an address, whatever its case; None for nobody's."""
        found = await self._runner.fetch(BY_LOGIN, {"login": login})
        return found[0] if found else None

    async def note_login(self, user_id: str, at: str) -> bool:
        """Say that a user is there, and since when; False where the user may not log in."""
        return bool(await self._change(NOTE_LOGIN, {"user_id": user_id, "at": at}))

    async def note_leaving(self, user_id: str) -> None:
        """Say that a user is away, where no session is left."""
        await self._change(NOTE_LEAVING, {"user_id": user_id})

    async def has_email(self, email: str) -> bool:
        """Whether anybody has this address."""
        return (await self._runner.fetch(HAS_EMAIL, {"email": email}))[0]
