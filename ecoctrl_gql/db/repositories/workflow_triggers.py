from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.workflow_triggers import WorkflowTriggerRow


class WorkflowTriggerRepository(Repository[WorkflowTriggerRow]):
    row_type = WorkflowTriggerRow
    name = "armed trigger"
