from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_steps import WorkflowStepRow


class WorkflowStepRepository(Repository[WorkflowStepRow]):
    row_type = WorkflowStepRow
    name = "step of a run"
