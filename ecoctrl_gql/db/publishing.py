"""
What makes the changes of a table events: triggers that write `EventRow` in the writer's own transaction.

A table publishes with ``triggers(*PUBLISHED)`` in its ``__table_args__``, or ``triggers(PUBLISHED_INSERTS)``
where nobody cares for the rest. None of its columns is secret, for an event carries the whole row. What is
rolled back was never there, and what other programs change in plain SQL is.
"""

from typing import Final

from ecoctrl_gql.db.triggers import Trigger, TriggerFunction

CHANNEL: Final = "ecoctrl_events"
"""What writers notify at commit; PostgreSQL makes one notification of all that a transaction sends."""

CHAIN: Final = "ecoctrl.chain"
"""The setting in which a transaction of a workflow's run says how many runs, itself included, led to it."""

PUBLISH: Final = TriggerFunction(
    "publish_events",
    """
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO events (subject, change, data)
    SELECT TG_TABLE_NAME, 'created', to_jsonb(new_rows) FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO events (subject, change, data)
    SELECT TG_TABLE_NAME, 'updated', to_jsonb(new_rows) FROM new_rows;
  ELSE
    INSERT INTO events (subject, change, data)
    SELECT TG_TABLE_NAME, 'deleted', to_jsonb(old_rows) FROM old_rows;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('ecoctrl_events', '');
  END IF;
  RETURN NULL;
END
""",
    definer=True,
)

PUBLISHED_INSERTS: Final = Trigger("publish_inserts", "AFTER INSERT", PUBLISH, "NEW TABLE AS new_rows")

PUBLISHED: Final = (
    PUBLISHED_INSERTS,
    Trigger("publish_updates", "AFTER UPDATE", PUBLISH, "NEW TABLE AS new_rows"),
    Trigger("publish_deletes", "AFTER DELETE", PUBLISH, "OLD TABLE AS old_rows"),
)
