from datetime import timedelta
from typing import NamedTuple

from ecoctrl_gql.db.enums import CodePurpose
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.verification_codes import VerificationCodeRow


class TriedCode(NamedTuple):
    id: str
    code_hash: str


PUT: Statement[str] = Statement(
    """
    INSERT INTO verification_codes (purpose, email, code_hash, expires_at)
    VALUES (%(purpose)s, %(email)s, %(code_hash)s, now() + %(lifetime)s)
    ON CONFLICT (purpose, email) DO UPDATE SET id = gen_random_uuid(), code_hash = EXCLUDED.code_hash,
        tries = 0, expires_at = EXCLUDED.expires_at, created_at = now()
    RETURNING id
    """.strip(),
    lambda row: row[0],
)

TRY: Statement[TriedCode] = Statement(
    """
    UPDATE verification_codes SET tries = tries + 1
    WHERE purpose = %(purpose)s AND email = %(email)s AND expires_at > now() AND tries < %(tries)s
    RETURNING id, code_hash
    """.strip(),
    TriedCode._make,
)

SPEND: Statement[str] = Statement(
    "DELETE FROM verification_codes WHERE id = %(id)s AND expires_at > now() RETURNING id",
    lambda row: row[0],
)


class VerificationCodeRepository(Repository[VerificationCodeRow]):
    row_type = VerificationCodeRow
    name = "verification code"

    async def put(self, purpose: CodePurpose, email: str, code_hash: str, lifetime: timedelta) -> None:
        """Store a code in the place of the one before."""
        values = {"purpose": purpose.value, "email": email, "code_hash": code_hash, "lifetime": lifetime}
        await self._runner.fetch(PUT, values)

    async def try_one(self, purpose: CodePurpose, email: str, tries: int) -> TriedCode | None:
        """The code that is good for an address, one try less; None where there is none, or no try left."""
        values = {"purpose": purpose.value, "email": email, "tries": tries}
        found = await self._runner.fetch(TRY, values)
        return found[0] if found else None

    async def spend(self, code_id: str) -> bool:
        """Remove a code; False where it is gone already."""
        return bool(await self._runner.fetch(SPEND, {"id": code_id}))
