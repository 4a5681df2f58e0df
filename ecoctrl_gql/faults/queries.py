import strawberry

from ecoctrl_gql.api.roots import by_id, only_row
from ecoctrl_gql.faults.types import FAULTS, Fault, FaultStats


@strawberry.type
class FaultQuery:
    fault = by_id(Fault, "One fault.")
    faults = FAULTS.field("Faults, newest first.")
    fault_stats = only_row(
        FaultStats, "The latest snapshot of the figures about faults; null before the first."
    )
