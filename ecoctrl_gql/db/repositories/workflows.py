from typing import NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflows import WorkflowRow


class Unarmed(NamedTuple):
    """A workflow whose armed triggers are not those of the version that should be armed."""

    id: str
    version: int
    enabled: bool
    armed_version: int | None


UNARMED: Statement[Unarmed] = Statement(
    """
    SELECT id, version, enabled, armed_version FROM workflows
    WHERE armed_version IS DISTINCT FROM CASE WHEN enabled THEN version END
    ORDER BY updated_at
    """.strip(),
    Unarmed._make,
)

# The key may be referred to meanwhile: runs begin, and nobody waits for another.
TAKE_UNARMED: Statement[Unarmed] = Statement(
    """
    SELECT id, version, enabled, armed_version FROM workflows
    WHERE id = %(id)s AND armed_version IS DISTINCT FROM CASE WHEN enabled THEN version END
    FOR NO KEY UPDATE SKIP LOCKED
    """.strip(),
    Unarmed._make,
    writes=True,
)

# Plain SQL: to arm a workflow is not to change it.
ARMED: Statement[str] = Statement(
    "UPDATE workflows SET armed_version = %(version)s WHERE id = %(id)s RETURNING id", lambda row: str(row[0])
)


class WorkflowRepository(Repository[WorkflowRow]):
    row_type = WorkflowRow
    name = "workflow"

    async def unarmed(self) -> list[Unarmed]:
        """All workflows to arm or disarm, those first that have waited longest."""
        return await self._runner.fetch(UNARMED, {})

    async def take_unarmed(self, key: str) -> Unarmed | None:
        """
        A workflow to arm or disarm, kept from others until the transaction ends.

        Returns:
            None where nothing differs any more, or another process has it.
        """
        found = await self._runner.fetch(TAKE_UNARMED, {"id": key})
        return found[0] if found else None

    async def set_armed(self, key: str, version: int | None) -> None:
        """Note which version's triggers are armed."""
        await self._runner.fetch(ARMED, {"id": key, "version": version})
