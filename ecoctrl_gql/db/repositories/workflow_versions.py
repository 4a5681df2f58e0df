from typing import Any

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflow_versions import WorkflowVersionRow

DSL: Statement[Any] = Statement(
    "SELECT dsl FROM workflow_versions WHERE workflow_id = %(workflow_id)s AND version = %(version)s",
    lambda row: row[0],
)


class WorkflowVersionRepository(Repository[WorkflowVersionRow]):
    row_type = WorkflowVersionRow
    name = "version of a workflow"

    async def dsl_of(self, workflow_id: str, version: int) -> Any:
        """The definition of a version; None where there is none."""
        found = await self._runner.fetch(DSL, {"workflow_id": workflow_id, "version": version})
        return found[0] if found else None
