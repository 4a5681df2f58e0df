"""What holds for all of the schema, found by walking it, so that what is added later is held to it too."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from ecoctrl_gql.api.access import rule_of
from ecoctrl_gql.api.node import READS
from ecoctrl_gql.db.records import attributes, secret_columns
from ecoctrl_gql.db.tables import ApiKeyRow, FaultChangeRow, OAuthAccountRow, RefreshTokenRow, UserSettingsRow
from tests.api.schema_walk import (
    ALL_ROW_TYPES,
    INTERNAL_TABLES,
    ROW_TYPES,
    SCHEMA,
    definition,
    is_plural,
    is_single,
    node_type_of,
    roots_of,
    table_name,
    target_of,
)

OWN_TYPES = [type_ for name, type_ in SCHEMA.type_map.items() if not name.startswith("__")]
BUILT_IN = {"Int", "Float", "String", "Boolean", "ID"}


def described() -> Iterator[tuple[str, str | None]]:
    for type_ in OWN_TYPES:
        if type_.name in BUILT_IN:
            continue
        yield type_.name, type_.description
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                yield f"{type_.name}.{name}", value.description
        if isinstance(type_, GraphQLInputObjectType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field.description
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field.description
                for argument, meaning in field.args.items():
                    yield f"{type_.name}.{name}({argument}:)", meaning.description


def test_everything_is_described():
    assert [place for place, description in described() if not (description or "").strip()] == []


def test_descriptions_are_sentences():
    assert [place for place, description in described() if not (description or "").endswith((".", ")"))] == []


def test_every_field_has_a_rule_of_who_may_read_it():
    unruled = [
        f"{type_.name}.{name}"
        for type_ in OWN_TYPES
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in type_.fields.items()
        if rule_of(field) is None and rule_of(type_) is None
    ]

    assert unruled == []


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
def test_every_table_has_a_type_that_is_a_node(row_type):
    type_ = node_type_of(row_type)

    assert [interface.name for interface in type_.interfaces] == ["Node"]
    assert str(type_.fields["id"].type) == "ID!"
    assert str(type_.fields["databaseId"].type) in ("ID!", "Int!", "UUID!")


def test_there_are_30_tables():
    assert len(ROW_TYPES) == 30
    assert {row.__tablename__ for row in ALL_ROW_TYPES} - {row.__tablename__ for row in ROW_TYPES} == (
        INTERNAL_TABLES
    )


# These hang on their user or their fault alone.
ROOTLESS = {ApiKeyRow, FaultChangeRow, OAuthAccountRow, RefreshTokenRow, UserSettingsRow}


@pytest.mark.parametrize("row_type", [row for row in ROW_TYPES if row not in ROOTLESS], ids=table_name)
def test_every_table_has_its_roots(row_type):
    roots = set(roots_of(row_type))

    if is_single(row_type):
        assert roots == {"only"}
    else:
        assert roots in ({"by_id", "connection"}, {"by_id", "list"})


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
def test_no_field_shows_a_secret_column(row_type):
    secret = secret_columns(row_type)
    shown = {
        name
        for name, field in node_type_of(row_type).fields.items()
        if secret.intersection({definition(field).python_name, *definition(field).metadata.get(READS, ())})
    }

    assert shown == ({"smtpPassSet"} if row_type.__tablename__ == "platform_configs" else set())


def test_the_secrets_are_known_as_such():
    found = {
        f"{row_type.__tablename__}.{name}" for row_type in ROW_TYPES for name in secret_columns(row_type)
    }

    assert found == {
        "api_keys.key_hash",
        "iot_tokens.access_token",
        "iot_tokens.refresh_token",
        "oauth_accounts.access_token",
        "oauth_accounts.refresh_token",
        "platform_configs.smtp_pass",
        "refresh_tokens.token_hash",
        "users.password",
    }
    assert {
        f"{row_type.__tablename__}.{name}"
        for row_type in ROW_TYPES
        for name in attributes(row_type)
        if any(word in name for word in ("password", "secret", "token", "hash", "smtp_pass"))
        and not name.startswith("allow_")
    } == found


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
def test_every_column_that_is_no_secret_is_in_the_api(row_type):
    type_ = node_type_of(row_type)
    shown = {definition(field).python_name for field in type_.fields.values()}
    shown |= {name for field in type_.fields.values() for name in definition(field).metadata.get(READS, ())}

    assert set(attributes(row_type)) - secret_columns(row_type) <= shown


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
def test_a_field_is_a_value_or_leads_to_a_table(row_type):
    others = {
        f"{type_.name}.{name}"
        for type_ in [node_type_of(row_type)]
        for name, field in type_.fields.items()
        if not is_leaf_type(get_named_type(field.type)) and target_of(field) is None
    }

    assert others <= {"Workflow.statistics", "WorkflowExecution.nodeLogs"}


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
def test_lists_hold_no_nulls(row_type):
    plural = [field for field in node_type_of(row_type).fields.values() if is_plural(field)]

    assert [str(field.type) for field in plural if not str(field.type).endswith("!")] == []
