from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.event_trims import EventTrimRow


class EventTrimRepository(SingleRowRepository[EventTrimRow]):
    row_type = EventTrimRow
    name = "event trim"
