"""Changes of the models, each found, applied and taken back."""

import pytest
from sqlalchemy import CheckConstraint, Column, Index, String, UniqueConstraint

from ecoctrl_gql.db.migrations.scripts import Source


def columns_of(source: Source, table: str) -> dict[str, Column]:
    return dict(source.metadata.tables[table].columns)


def change_range(source: Source) -> None:
    table = source.metadata.tables["dashboard_models"]
    (check,) = (item for item in table.constraints if isinstance(item, CheckConstraint))
    table.constraints.discard(check)
    table.append_constraint(CheckConstraint("ambient_light_intensity BETWEEN 0 AND 2", name=check.name))


def drop_checked_column(source: Source) -> None:
    table = source.metadata.tables["dashboard_models"]
    (check,) = (item for item in table.constraints if isinstance(item, CheckConstraint))
    table.constraints.discard(check)
    table._columns.remove(table.c.ambient_light_intensity)


def add_checked_column(source: Source) -> None:
    table = source.metadata.tables["energy_areas"]
    table.append_column(Column("floor", String(3), nullable=False, server_default="0"))
    table.append_constraint(CheckConstraint("floor <> ''", name="floor"))


def change_columns(source: Source) -> None:
    alerts = columns_of(source, "alerts")
    alerts["device"].type = String(300)
    alerts["device"].nullable = True
    alerts["device"].comment = None
    columns_of(source, "workflows")["slug"].server_default = None
    for name, default in [
        ("platform_name", "Our 'own' platform"),
        ("smtp_port", "465"),
        ("auto_backup", "no"),
    ]:
        column = columns_of(source, "platform_configs")[name]
        column.server_default = Column(name, server_default=default).server_default
    source.metadata.tables["alerts"].comment = "Alarms."


def change_keys(source: Source) -> None:
    files = source.metadata.tables["files"]
    files.append_constraint(UniqueConstraint("name", "size"))
    keys = source.metadata.tables["workflows"].foreign_key_constraints
    key = next(each for each in keys if each.column_keys == ["user_id"])
    key.ondelete = "CASCADE"
    for fk in key.elements:
        fk.ondelete = "CASCADE"


def change_index(source: Source) -> None:
    files = source.metadata.tables["files"]
    index = next(index for index in files.indexes if index.name == "ix_files_created_at_id")
    files.indexes.discard(index)
    Index(index.name, files.c.created_at.desc(), files.c.id)


@pytest.mark.parametrize(
    "change",
    [change_range, drop_checked_column, add_checked_column, change_columns, change_keys, change_index],
)
def test_a_change_is_found_applied_and_taken_back(change, changed, go, back):
    change(changed)

    assert go() != []

    back()
