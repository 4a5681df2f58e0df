from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_holds import WorkflowHoldRow


class WorkflowHoldRepository(Repository[WorkflowHoldRow]):
    row_type = WorkflowHoldRow
    name = "state that a trigger watches"
