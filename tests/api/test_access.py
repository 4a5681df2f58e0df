"""Who may read what: refused before anything is read, whatever way a query takes."""

from typing import Any

import pytest

from ecoctrl_gql.api.node import owner_of
from ecoctrl_gql.db.enums import Role
from tests.api.database_sample import id_of
from tests.api.schema_walk import (
    QUERY,
    ROW_TYPES,
    factory_name,
    leaf_fields,
    listed_type,
    node_type_of,
    table_name,
)

ROLES = [None, *reversed(Role)]


@pytest.fixture
def act_as(request):
    clients = [
        request.getfixturevalue(name) for name in ("gql", "shared_gql") if name in request.fixturenames
    ]

    def act(role: Role | None) -> None:
        for client in clients:
            client.act_as(role)

    return act


# The lowest role that may read a field, by the contract; None for anyone.
LOWEST = [
    ("{ dashboardModel { id hotspots } }", None),
    ("{ alerts { nodes { id } } }", Role.VIEWER),
    ("{ carbonFactorTree { depth node { name } } }", Role.VIEWER),
    ("{ energyReadings { totalCount } }", Role.VIEWER),
    ("{ workflows { nodes { user { username role avatarUrl } } } }", Role.VIEWER),
    ("{ users { totalCount } }", Role.ADMIN),
    ("{ users { nodes { username } } }", Role.ADMIN),
    ("{ workflows { nodes { user { email } } } }", Role.ADMIN),
    ("{ workflows { nodes { user { lastLogin } } } }", Role.ADMIN),
    ("{ workflows { nodes { user { sessions { id } } } } }", Role.ADMIN),
    ("{ workflows { nodes { user { sessions { __typename } } } } }", Role.ADMIN),
    ("{ workflows { nodes { user { oauthAccounts { ... on Node { id } } } } } }", Role.ADMIN),
    ("{ workflows { nodes { user { settings { ... on Node { __typename } } } } } }", Role.ADMIN),
    ("{ iotToken { valid } }", Role.ADMIN),
    ("{ iotToken { __typename } }", Role.ADMIN),
    ("{ iotToken { ... on Node { id } } }", Role.ADMIN),
    ("{ backupSchedule { nextBackup } }", Role.ADMIN),
    ("{ platformConfig { platformName } }", Role.SUPER_ADMIN),
    ("{ platformConfig { smtpHost smtpPassSet } }", Role.SUPER_ADMIN),
    ("{ platformConfig { __typename } }", Role.SUPER_ADMIN),
]


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize(("query", "lowest"), LOWEST)
async def test_each_role_reads_what_it_may(query, lowest, role, shared_gql, act_as):
    act_as(role)

    answer = await shared_gql(query)

    if lowest is None or (role is not None and role.rank >= lowest.rank):
        assert answer.errors == []
        assert len(shared_gql.statements) == 1
    else:
        assert set(answer.codes) == {"UNAUTHENTICATED" if role is None else "FORBIDDEN"}
        assert answer.data is None
        assert shared_gql.statements == []


async def test_the_refusal_names_the_field_and_the_role(shared_gql, act_as):
    act_as(Role.VIEWER)
    answer = await shared_gql("{\n  alerts { totalCount }\n  platformConfig { smtpHost }\n}")

    assert [error["message"] for error in answer.errors] == [
        "Query.platformConfig needs the role super_admin.",
        "PlatformConfig.smtpHost needs the role super_admin.",
    ]
    assert [error["locations"] for error in answer.errors] == [
        [{"line": 3, "column": 3}],
        [{"line": 3, "column": 20}],
    ]


async def test_nobody_is_told_to_log_in(shared_gql, act_as):
    act_as(None)
    answer = await shared_gql("{ alerts { totalCount } }")

    assert [error["message"] for error in answer.errors] == ["Query.alerts needs a login."]
    assert answer.codes == ["UNAUTHENTICATED"]


PATHS_TO_AN_ADDRESS = [
    "{ user(id: $id) { email } }",
    "{ it: user(id: $id) { role: email } }",
    "{ node(id: $id) { ... on User { email } } }",
    "{ nodes(ids: [$id]) { ...person } } fragment person on User { email }",
    "{ node(id: $id) { ...a } } fragment a on Node { ...b } fragment b on User { email }",
    "{ node(id: $id) { id ... { ... on User { email @include(if: false) } } } }",
    "{ node(id: $id) { id ... @skip(if: true) { ... on User { email } } } }",
    "{ workflows(filter: {userId: {eq: $id}}) { edges { node { user { email } } } } }",
    "{ users(filter: {id: {eq: $id}}) { nodes { email } } }",
]


@pytest.mark.parametrize("path", PATHS_TO_AN_ADDRESS)
async def test_no_path_leads_a_viewer_to_an_address(path, gql, make, act_as):
    user = await make.user()
    await make.workflow(user_id=user.id)
    query = f"query($id: ID!) {path}"

    act_as(Role.OPERATOR)
    refused = await gql(query, id=f"user_{user.id}")
    read = len(gql.statements)
    act_as(Role.ADMIN)
    allowed = await gql(query, id=f"user_{user.id}")

    assert set(refused.codes) == {"FORBIDDEN"}
    assert (refused.data, read) == (None, 0)
    assert allowed.errors == []


SECLUDED = [row for row in ROW_TYPES if node_type_of(row).name in {"IotToken", "PlatformConfig"}]


@pytest.mark.parametrize("row_type", SECLUDED, ids=table_name)
async def test_an_id_alone_tells_a_viewer_nothing(row_type, gql, make, act_as):
    row, type_ = await getattr(make, factory_name(row_type))(), node_type_of(row_type).name
    id_ = f"{factory_name(row_type)}_{row.id}"
    queries = [
        "query($id: ID!) { node(id: $id) { id } }",
        "query($id: ID!) { nodes(ids: [$id]) { __typename } }",
    ]
    for role, message in (
        (Role.VIEWER, f"{type_} needs the role "),
        (Role.OPERATOR, f"{type_} needs the role "),
    ):
        act_as(role)
        for query in queries:
            answer = await gql(query, id=id_)

            assert answer.codes == ["FORBIDDEN"]
            assert answer.errors[0]["message"].startswith(message)
            assert gql.statements == []
    act_as(Role.SUPER_ADMIN)
    for query in queries:
        assert (await gql(query, id=id_)).errors == []


OWNED = [row for row in ROW_TYPES if owner_of(row) is not None]


@pytest.mark.parametrize("row_type", OWNED, ids=table_name)
async def test_an_id_of_what_is_anothers_leads_nowhere(row_type, gql, make):
    owner, stranger = await make.user(), await make.user()
    row = await getattr(make, factory_name(row_type))(user_id=owner.id)
    query, id_ = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }", id_of(row_type, row)

    found = {}
    for who in (owner, stranger):
        gql.act_as(Role.OPERATOR, who)
        found[who.id] = (await gql(query, id=id_)).data
    others = owner_of(row_type).others
    gql.act_as(others.role if others else Role.SUPER_ADMIN)
    found["administrator"] = (await gql(query, id=id_)).data

    assert found[stranger.id] == {"node": None, "nodes": [None]}
    assert found[owner.id] == {"node": {"id": id_}, "nodes": [{"id": id_}]}
    assert found["administrator"] == found[owner.id if others else stranger.id]


async def test_only_the_operation_that_runs_counts(shared_gql, act_as):
    document = """
      query Open { dashboardModel { id } }
      query Closed { ...secret }
      fragment secret on Query { platformConfig { smtpHost } }"""
    codes = {}
    for role in (None, Role.SUPER_ADMIN, Role.VIEWER, None):
        act_as(role)
        for operation in ("Open", "Closed"):
            body = {"query": document, "operationName": operation}
            response = await shared_gql.http.post("/graphql", json=body, headers=shared_gql.headers)
            found = response.json()
            codes[role, operation] = [error["extensions"]["code"] for error in found.get("errors", [])]

    assert codes == {
        (None, "Open"): [],
        (None, "Closed"): ["UNAUTHENTICATED", "UNAUTHENTICATED"],
        (Role.VIEWER, "Open"): [],
        (Role.VIEWER, "Closed"): ["FORBIDDEN", "FORBIDDEN"],
        (Role.SUPER_ADMIN, "Open"): [],
        (Role.SUPER_ADMIN, "Closed"): [],
    }


async def test_what_one_role_was_told_is_not_told_to_another(shared_gql, act_as):
    query, answers = "{ users { totalCount } }", []
    for role in (Role.ADMIN, Role.VIEWER, Role.SUPER_ADMIN, None, Role.ADMIN):
        act_as(role)
        answers.append((await shared_gql(query)).codes)

    assert answers == [[], ["FORBIDDEN"], [], ["UNAUTHENTICATED"], []]


async def test_an_invalid_query_is_refused_as_such(shared_gql, act_as):
    act_as(None)

    answer = await shared_gql("{ platformConfig { smtpPass } }")

    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_anybody_may_look_at_the_schema(shared_gql, act_as):
    act_as(None)

    answer = await shared_gql('{ __typename __type(name: "User") { fields { name } } }')

    assert answer.errors == []
    assert answer.data["__typename"] == "Query"


def reachable(role: Role | None) -> set[str]:
    from ecoctrl_gql.api.access import allows, required_role

    return {name for name, field in QUERY.fields.items() if allows(role, required_role(QUERY, field))}


def test_roots_open_up_from_role_to_role():
    everything = set(QUERY.fields)

    assert reachable(None) == {"dashboardModel", "me", "oauthProviders", "publicConfig"}
    assert everything - reachable(Role.VIEWER) == {
        "users",
        "user",
        "auditEntry",
        "auditLog",
        "iotToken",
        "backupSchedule",
        "platformConfig",
        "dryRunWorkflow",
        "replayWorkflow",
        "validateWorkflow",
        "workflowDiff",
        "workflowVersion",
        "workflowVersions",
    }
    assert everything - reachable(Role.ADMIN) == {"platformConfig"}
    assert reachable(Role.SUPER_ADMIN) == everything


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
async def test_nobody_logged_in_reads_nothing_but_the_scene(row_type, shared_gql, act_as):
    act_as(None)
    type_ = node_type_of(row_type)
    for name, field in QUERY.fields.items():
        named = listed_type(field) or str(field.type).strip("[]!")
        if named != type_.name or named == "DashboardModel":
            continue
        fields = " ".join(leaf_fields(row_type))
        selection = f"nodes {{ {fields} }}" if listed_type(field) else fields
        argument = '(id: "x")' if "id" in field.args else ""

        answer = await shared_gql(f"{{ {name}{argument} {{ {selection} }} }}")

        assert set(answer.codes) == {"UNAUTHENTICATED"}
        assert shared_gql.statements == []


def test_a_type_or_field_without_a_rule_is_closed():
    from graphql import GraphQLField, GraphQLObjectType, GraphQLString

    from ecoctrl_gql.api.access import required_role

    forgotten: Any = GraphQLObjectType("Forgotten", {"field": GraphQLField(GraphQLString)})

    assert required_role(forgotten, forgotten.fields["field"]) is Role.SUPER_ADMIN
