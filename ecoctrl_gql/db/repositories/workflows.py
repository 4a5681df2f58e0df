from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflows import WorkflowRow


class WorkflowRepository(Repository[WorkflowRow]):
    row_type = WorkflowRow
    name = "workflow"
