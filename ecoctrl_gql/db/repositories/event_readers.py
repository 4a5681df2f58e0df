from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.event_readers import EventReaderRow


class EventReaderRepository(Repository[EventReaderRow]):
    row_type = EventReaderRow
    name = "event reader"
