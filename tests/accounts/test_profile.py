"""One's own account: profile, settings, preferences, permissions."""

import asyncio

import pytest

from ecoctrl_gql.api.access import allows, required_role
from ecoctrl_gql.auth.passwords import password_hash
from ecoctrl_gql.db.enums import Role
from tests.api.schema_walk import SCHEMA

SETTINGS = """mutation($settings: JSON!) { updateMySettings(input: {settings: $settings}) {
  settings { language rotateSpeed editAutoExitDelay bentoLayout { id x hidden } all }
  userErrors { code field } } }"""
PREFERENCES = """mutation($preferences: JSON!) { updateMyPreferences(input: {preferences: $preferences}) {
  preferences { theme alertSound all } userErrors { code field } } }"""
PROFILE = """mutation($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) {
  me { username email avatarUrl } userErrors { code field } } }"""


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="Ann", email="ann@example.org", password=None, role="viewer")
    gql.act_as_user(user)
    return user


async def test_settings_are_merged_to_any_depth(gql, ann):
    layout = [{"id": "w", "x": 1, "y": 1, "w": 4, "h": 2}]
    first = {"language": "zh-CN", "own": {"a": {"b": 1, "c": 2}}, "rotateSpeed": 2, "bentoLayout": layout}
    await gql(SETTINGS, settings=first)
    second = {"rotateSpeed": None, "own": {"a": {"c": None, "d": [3]}}, "editAutoExitDelay": 30000}
    answer = (await gql(SETTINGS, settings=second)).data["updateMySettings"]["settings"]

    assert answer == {
        "language": "zh-CN",
        "rotateSpeed": None,
        "editAutoExitDelay": 30000,
        "bentoLayout": [{"id": "w", "x": 1, "hidden": False}],
        "all": {
            "language": "zh-CN",
            "own": {"a": {"b": 1, "d": [3]}},
            "bentoLayout": layout,
            "editAutoExitDelay": 30000,
        },
    }


async def test_changes_at_the_same_time_lose_nothing(gql, ann):
    await asyncio.gather(*(gql(SETTINGS, settings={f"key{number}": number}) for number in range(20)))

    stored = (await gql("{ mySettings { all } }")).data["mySettings"]["all"]

    assert stored == {f"key{number}": number for number in range(20)}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"language": "de"}, ["language"]),
        ({"rotateSpeed": 5}, ["rotateSpeed"]),
        ({"rotateSpeed": "1"}, ["rotateSpeed"]),
        ({"showLabels": 1}, ["showLabels"]),
        ({"editAutoExitDelay": 7}, ["editAutoExitDelay"]),
        ({"bentoLayout": [{"id": "w", "x": 1, "y": 1, "w": 4}]}, ["bentoLayout", "0", "h"]),
        ({"own": "x" * 70_000}, []),
        ([], []),
        ("x", []),
    ],
)
async def test_settings_that_can_t_be_are_told_with_their_place(gql, ann, given, field):
    refused = (await gql(SETTINGS, settings=given)).data["updateMySettings"]

    assert refused["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "settings", *field]}]
    assert (await gql("{ mySettings { all } }")).data["mySettings"]["all"] == {}


async def test_what_another_program_stored_hinders_nothing(gql, ann, make):
    await make.user_settings(user_id=ann.id, settings={"language": 7, "rotateSpeed": 0.5})

    shown = (await gql("{ mySettings { language rotateSpeed all } }")).data["mySettings"]

    assert shown == {"language": None, "rotateSpeed": 0.5, "all": {"language": 7, "rotateSpeed": 0.5}}


async def test_preferences_are_kept(gql, ann):
    changed = (await gql(PREFERENCES, preferences={"theme": "dark", "alertSound": True, "x": 1})).data
    refused = (await gql(PREFERENCES, preferences={"theme": "pink"})).data["updateMyPreferences"]

    assert changed["updateMyPreferences"]["preferences"] == {
        "theme": "dark",
        "alertSound": True,
        "all": {"theme": "dark", "alertSound": True, "x": 1},
    }
    assert refused["userErrors"][0]["field"] == ["input", "preferences", "theme"]


async def test_one_changes_one_s_own_account(gql, ann, make):
    await make.user(username="Bob")
    changed = (await gql(PROFILE, input={"username": "Anna", "email": "anna@example.org"})).data
    taken = (await gql(PROFILE, input={"username": "bob"})).data["updateMyProfile"]
    script = (await gql(PROFILE, input={"avatarUrl": "data:text/html,x"})).data["updateMyProfile"]

    assert changed["updateMyProfile"]["me"] == {
        "username": "Anna",
        "email": "anna@example.org",
        "avatarUrl": None,
    }
    assert taken["userErrors"] == [{"code": "CONFLICT", "field": ["input", "username"]}]
    assert script["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "avatarUrl"]}]


async def test_another_address_takes_the_password(gql, make):
    user = await make.user(password=password_hash("a good one"))
    gql.act_as_user(user)
    without = (await gql(PROFILE, input={"email": "new@example.org"})).data["updateMyProfile"]
    wrong = (await gql(PROFILE, input={"email": "new@example.org", "currentPassword": "x"})).data
    right = (await gql(PROFILE, input={"email": "new@example.org", "currentPassword": "a good one"})).data

    assert without["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "currentPassword"]}]
    assert wrong["updateMyProfile"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert right["updateMyProfile"]["me"]["email"] == "new@example.org"


@pytest.mark.parametrize("role", list(Role), ids=str)
async def test_permissions_are_what_the_rules_allow(gql, make, role):
    gql.act_as_user(await make.user(role=role.value))
    roots = [SCHEMA.type_map[name] for name in ("Query", "Mutation", "Subscription")]
    allowed = {
        name
        for root in roots
        for name, field in root.fields.items()
        if allows(role, required_role(root, field))
    }

    me = (await gql('{ me { permissions create: can(operation: "createAlert") } }')).data["me"]

    assert set(me["permissions"]) == allowed
    assert me["create"] is (role.rank >= Role.OPERATOR.rank)


async def test_an_operation_that_is_none_can_t_be_asked_for(gql, ann):
    assert (await gql('{ me { can(operation: "dropEverything") } }')).codes == ["BAD_USER_INPUT"]
