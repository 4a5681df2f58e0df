"""Locks with a name, which a transaction holds until its end; who waits may be another process."""

from ecoctrl_gql.db.statements import Statement

TAKE: Statement[None] = Statement(
    "SELECT pg_advisory_xact_lock(hashtextextended('ecoctrl ' || %(name)s, 0))", lambda _: None
)
TRY: Statement[bool] = Statement(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('ecoctrl ' || %(name)s, 0))", lambda row: bool(row[0])
)
