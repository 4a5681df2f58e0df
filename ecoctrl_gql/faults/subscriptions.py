import strawberry

from ecoctrl_gql.events.fields import changed
from ecoctrl_gql.faults.types import FAULTS


@strawberry.type
class FaultSubscription:
    fault_changed = changed(FAULTS, "Faults, as they are recorded, repaired and removed.")
