from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_versions import WorkflowVersionRow


class WorkflowVersionRepository(Repository[WorkflowVersionRow]):
    row_type = WorkflowVersionRow
    name = "version of a workflow"
