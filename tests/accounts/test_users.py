"""Users, as administrators manage them."""

import asyncio
from itertools import product

import pytest

from ecoctrl_gql.auth.ranks import may_act_on, may_give
from ecoctrl_gql.db.enums import Role

CREATE = """mutation($input: CreateUserInput!) { createUser(input: $input) {
  user { id username email role status } userErrors { code field message } } }"""
UPDATE = """mutation($input: UpdateUserInput!) { updateUser(input: $input) {
  user { username email avatarUrl } userErrors { code field } } }"""
SET_ROLE = """mutation($input: SetUserRoleInput!) { setUserRole(input: $input) {
  user { role } userErrors { code field } } }"""
DISABLE, ENABLE, DELETE = (
    f"mutation($id: ID!) {{ done: {name}(input: {{id: $id}}) {{ {gives} userErrors {{ code field }} }} }}"
    for name, gives in (
        ("disableUser", "user { status }"),
        ("enableUser", "user { status }"),
        ("deleteUser", "deletedId"),
    )
)
AUDIT = "{ auditLog { nodes { action actorName nodeId details } } }"


@pytest.fixture
async def sue(gql, make):
    """A super_admin, who calls."""
    user = await make.user(username="sue", role="super_admin")
    gql.act_as_user(user)
    return user


@pytest.mark.parametrize(("actor", "target"), list(product(Role, Role)), ids=str)
def test_one_acts_on_who_is_below(actor, target):
    allowed = actor is Role.SUPER_ADMIN or (actor is Role.ADMIN and target.rank < Role.ADMIN.rank)

    assert may_act_on(actor, target) is may_give(actor, target) is allowed


@pytest.mark.parametrize("target", list(Role), ids=str)
async def test_an_admin_changes_who_is_below_and_nobody_else(gql, make, target):
    gql.act_as_user(await make.user(role="admin"))
    user = await make.user(role=target.value)
    id_ = f"user_{user.id}"
    below = target.rank < Role.ADMIN.rank

    changes = [
        (await gql(UPDATE, input={"id": id_, "username": "Renamed"})).data["updateUser"],
        (await gql(DISABLE, id=id_)).data["done"],
        (await gql(SET_ROLE, input={"id": id_, "role": "VIEWER"})).data["setUserRole"],
        (await gql(DELETE, id=id_)).data["done"],
    ]

    assert [[error["code"] for error in change["userErrors"]] for change in changes] == (
        [[]] * 4 if below else [["FORBIDDEN"]] * 4
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.OPERATOR])
async def test_who_is_no_admin_changes_nobody(gql, make, role):
    user = await make.user()
    gql.act_as(role)

    for query in (DISABLE, DELETE):
        assert (await gql(query, id=f"user_{user.id}")).codes[0] == "FORBIDDEN"


async def test_an_admin_gives_no_role_of_its_own_rank(gql, make):
    gql.act_as_user(await make.user(role="admin"))
    user = await make.user()

    made = await gql(CREATE, input={"username": "Max", "email": "max@example.org", "role": "ADMIN"})
    given = await gql(SET_ROLE, input={"id": f"user_{user.id}", "role": "SUPER_ADMIN"})

    assert [(e["code"], e["field"]) for e in made.data["createUser"]["userErrors"]] == [
        ("FORBIDDEN", ["input", "role"])
    ]
    assert given.data["setUserRole"]["userErrors"] == [{"code": "FORBIDDEN", "field": ["input", "role"]}]


async def test_a_user_is_made_and_changed_and_it_is_written_down(gql, sue):
    new = {"username": " Max ", "email": "Max@Example.ORG", "password": "a good one", "role": "OPERATOR"}
    user = (await gql(CREATE, input=new)).data["createUser"]["user"]
    await gql(UPDATE, input={"id": user["id"], "avatarUrl": "https://example.org/max.png"})
    await gql(SET_ROLE, input={"id": user["id"], "role": "VIEWER"})
    await gql(DISABLE, id=user["id"])
    await gql(ENABLE, id=user["id"])
    await gql(DELETE, id=user["id"])
    log = (await gql(AUDIT)).data["auditLog"]["nodes"]

    assert (user["username"], user["email"]) == ("Max", "Max@example.org")
    assert [entry["action"] for entry in log] == [
        "user.deleted",
        "user.enabled",
        "user.disabled",
        "user.role_changed",
        "user.updated",
        "user.created",
    ]
    assert {(entry["actorName"], entry["nodeId"]) for entry in log} == {("sue", user["id"])}
    assert log[3]["details"] == {"before": "operator", "after": "viewer"}
    assert "a good one" not in str(log)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"username": "SUE"}, "CONFLICT", "username"),
        ({"email": "sue-address@example.org"}, "CONFLICT", "email"),
        ({"username": "x"}, "BAD_USER_INPUT", "username"),
        ({"username": "a\x07b"}, "BAD_USER_INPUT", "username"),
        ({"username": "boss@example.org"}, "BAD_USER_INPUT", "username"),
        ({"email": "nonsense"}, "BAD_USER_INPUT", "email"),
        ({"password": "short"}, "BAD_USER_INPUT", "password"),
        ({"avatarUrl": "javascript:alert(1)"}, "BAD_USER_INPUT", "avatarUrl"),
        ({"avatarUrl": "http://example.org/x"}, "BAD_USER_INPUT", "avatarUrl"),
    ],
)
async def test_what_can_t_be_used_is_told_with_its_field(gql, sue, make, changes, code, field):
    await make.user(username="other", email="Sue-Address@example.org")
    new = {"username": "Max", "email": "max@example.org"} | changes

    refused = (await gql(CREATE, input=new)).data["createUser"]

    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [(code, ["input", field])]
    assert refused["user"] is None


async def test_nobody_locks_oneself_out(gql, sue, make):
    await make.user(role="super_admin")
    id_ = f"user_{sue.id}"

    refused = [
        (await gql(DISABLE, id=id_)).data["done"],
        (await gql(DELETE, id=id_)).data["done"],
        (await gql(SET_ROLE, input={"id": id_, "role": "VIEWER"})).data["setUserRole"],
    ]

    assert [each["userErrors"][0]["code"] for each in refused] == ["CONFLICT"] * 3


async def test_the_last_super_admin_stays(gql, db, make):
    last = await make.user(role="super_admin")
    await make.user(role="super_admin", status="disabled")  # does not count

    for query in (DISABLE, DELETE):
        assert (await gql(query, id=f"user_{last.id}")).data["done"]["userErrors"][0]["code"] == "CONFLICT"
    assert (await db.repositories().users.get(last.id)).status == "offline"


async def test_of_the_last_two_super_admins_one_stays(gql, db, make):
    two = [await make.user(role="super_admin") for _ in range(2)]

    answers = await asyncio.gather(*(gql(DELETE, id=f"user_{user.id}") for user in two))

    codes = sorted(str(answer.data["done"]["userErrors"]) for answer in answers)
    assert codes == ["[]", "[{'code': 'CONFLICT', 'field': []}]"]
    assert await db.repositories().users.count() == 1


async def test_who_is_locked_out_or_gets_a_new_password_is_logged_out(gql, sue, make, db):
    for change in ("disable", "password"):
        user = await make.user()
        await make.session(user_id=user.id)
        if change == "disable":
            await gql(DISABLE, id=f"user_{user.id}")
        else:
            await gql(UPDATE, input={"id": f"user_{user.id}", "password": "something new"})

        assert await db.repositories().refresh_tokens.list_by("user_id").load(user.id) == []
