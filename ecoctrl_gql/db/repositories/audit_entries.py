from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.audit_entries import AuditEntryRow


class AuditEntryRepository(Repository[AuditEntryRow]):
    row_type = AuditEntryRow
    name = "audit entry"
