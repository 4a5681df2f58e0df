from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_executions import WorkflowExecutionRow


class WorkflowExecutionRepository(Repository[WorkflowExecutionRow]):
    row_type = WorkflowExecutionRow
    name = "workflow run"
