"""
Triggers, declared at their tables.

A trigger stands in its table's ``__table_args__``, as their last item::

    class AuditEntryRow(Base):
        __tablename__ = "audit_entries"
        __table_args__ = (Index(...), triggers(APPEND_ONLY))

Migrations are generated for it and ``push`` applies it, like for columns: `make generate` notices triggers
and functions that are new, changed or gone, and writes the statements of both directions. What other
programs do in plain SQL, COPY and bulk imports included, goes through triggers as well.

Function bodies are PL/pgSQL from BEGIN to END. A word right after a single colon would be taken for a
parameter; casts (``::``) and assignments (``:=``) are fine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, Final

from sqlalchemy import MetaData, Table

TRIGGERS: Final = "triggers"


@dataclass(frozen=True, slots=True)
class TriggerFunction:
    """
    A function that triggers run, of any number of tables.

    Attributes:
        name: Its name, unique in the database.
        body: What it does.
        definer: Whether it may do what its owner may, so that programs need no rights on the tables that it
            writes to.
    """

    name: str
    body: str
    definer: bool = False

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return create_function(self.name, self.body, self.definer)


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    A trigger, which fires once a statement unless told otherwise.

    Attributes:
        name: Its name, unique at its table; triggers of a table fire in the order of their names.
        when: When it fires, such as ``AFTER INSERT`` or ``BEFORE UPDATE OR DELETE OR TRUNCATE``.
        runs: What it runs.
        referencing: The transition tables, such as ``NEW TABLE AS new_rows``; none by default. With them one
            call sees all rows of a statement, which keeps bulk imports fast.
        each: ``STATEMENT``, or ``ROW`` where it must look at each row by itself.
    """

    name: str
    when: str
    runs: TriggerFunction
    referencing: str = ""
    each: str = "STATEMENT"


def triggers(*declared: Trigger) -> dict[str, Any]:
    """The last item of ``__table_args__`` of a table with triggers."""
    return {"info": {TRIGGERS: declared}}


def triggers_of(table: Table) -> tuple[Trigger, ...]:
    declared: tuple[Trigger, ...] = table.info.get(TRIGGERS, ())
    return declared


def declared_functions(metadata: MetaData) -> Mapping[str, str]:
    """The statement that makes each function that the triggers of a set of tables run, by its name."""
    return {trigger.runs.name: trigger.runs.sql for _, trigger in declared_triggers(metadata)}


def declared_triggers(metadata: MetaData) -> Iterator[tuple[Table, Trigger]]:
    for table in metadata.sorted_tables:
        for trigger in triggers_of(table):
            yield table, trigger


def create_function(name: str, body: str, definer: bool) -> str:
    # PostgreSQL keeps the body to the letter, and so the indentation that it has in a file
    source = dedent(body).strip()
    rights = " SECURITY DEFINER SET search_path FROM CURRENT" if definer else ""
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger\nLANGUAGE plpgsql{rights}"
    return f"{head} AS $$\n{source}\n$$"


def create_trigger(table: str, trigger: Trigger) -> str:
    referencing = f" REFERENCING {trigger.referencing}" if trigger.referencing else ""
    return (
        f"CREATE OR REPLACE TRIGGER {trigger.name} {trigger.when} ON {table}{referencing}"
        f" FOR EACH {trigger.each} EXECUTE FUNCTION {trigger.runs.name}()"
    )


REFUSE_CHANGES: Final = TriggerFunction(
    "refuse_changes",
    """
BEGIN
  RAISE EXCEPTION 'Rows of % are only added, never changed or removed.', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
""",
)

APPEND_ONLY: Final = Trigger("append_only", "BEFORE UPDATE OR DELETE OR TRUNCATE", REFUSE_CHANGES)
"""Lets nobody change or remove rows of a table, whoever asks and in whatever program; it has no foreign key
that a removal elsewhere would set to null."""
