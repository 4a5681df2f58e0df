from collections.abc import Collection
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


# The key may be referred to meanwhile: runs begin, and nobody waits for another.
UNARMED: Statement[Unarmed] = Statement(
    """
    SELECT id, version, enabled, armed_version FROM workflows
    WHERE armed_version IS DISTINCT FROM CASE WHEN enabled THEN version END
        AND NOT (enabled AND EXISTS (
            SELECT FROM unnest(%(but_ids)s::uuid[], %(but_versions)s::int[]) AS known (id, version)
            WHERE known.id = workflows.id AND known.version = workflows.version
        ))
    ORDER BY updated_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
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

    async def unarmed(self, but: Collection[tuple[str, int]]) -> Unarmed | None:
        """
        A workflow to arm or disarm, kept from others until the transaction ends; None for none.

        Args:
            but: Enabled workflows to leave out, with their versions.
        """
        values = {"but_ids": [id for id, _ in but], "but_versions": [version for _, version in but]}
        found = await self._runner.fetch(UNARMED, values)
        return found[0] if found else None

    async def set_armed(self, key: str, version: int | None) -> None:
        """Note which version's triggers are armed."""
        await self._runner.fetch(ARMED, {"id": key, "version": version})
