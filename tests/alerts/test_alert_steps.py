"""Acknowledging and resolving alerts, one at a time and many at once, through the API."""

import asyncio
from datetime import datetime
from uuid import uuid4

import pytest

from ecoctrl_gql.db.enums import Role
from tests.factories import NOON

STATE = "id status note acknowledgedAt acknowledgedBy { username } resolvedAt resolvedBy { username }"
ONE = """
mutation($input: HandleAlertInput!) {
  %s(input: $input) { alert { STATE } userErrors { code field message } }
}
""".replace("STATE", STATE)
MANY = """
mutation($input: HandleAlertsInput!) {
  %s(input: $input) { alerts { STATE } userErrors { code field message } }
}
""".replace("STATE", STATE)
ACKNOWLEDGE, RESOLVE = ONE % "acknowledgeAlert", ONE % "resolveAlert"


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="ann", role="operator")
    gql.act_as_user(user)
    return user


async def step(gql, mutation, alert, **values):
    answer = await gql(mutation, input={"id": f"alert_{alert.id}"} | values)
    assert answer.errors == []
    (payload,) = answer.data.values()
    return payload


async def test_an_alert_goes_its_way_and_says_who_took_it_and_when(gql, make, ann):
    alert = await make.alert()

    first = (await step(gql, ACKNOWLEDGE, alert, note=" Valve is stuck "))["alert"]
    written = len(gql.statements)
    second = (await step(gql, RESOLVE, alert))["alert"]

    assert (first["status"], first["acknowledgedBy"]) == ("ACKNOWLEDGED", {"username": "ann"})
    assert (first["resolvedAt"], first["resolvedBy"]) == (None, None)
    assert (second["status"], second["resolvedBy"]) == ("RESOLVED", {"username": "ann"})
    assert (second["acknowledgedAt"], second["note"]) == (first["acknowledgedAt"], "Valve is stuck")
    assert (
        NOON < datetime.fromisoformat(first["acknowledgedAt"]) < datetime.fromisoformat(second["resolvedAt"])
    )
    assert written == 2  # the step, and the user's name


async def test_a_step_alone_is_one_statement(gql, make, ann):
    alert = await make.alert()

    await gql(
        "mutation($id: ID!) { acknowledgeAlert(input: {id: $id}) { alert { status } } }",
        id=f"alert_{alert.id}",
    )

    assert len(gql.statements) == 1


async def test_what_is_over_by_itself_is_resolved_without_being_acknowledged(gql, make, ann):
    payload = await step(gql, RESOLVE, await make.alert())

    assert (payload["alert"]["status"], payload["alert"]["acknowledgedAt"]) == ("RESOLVED", None)


@pytest.mark.parametrize(
    ("before", "then", "present"),
    [
        ([ACKNOWLEDGE], ACKNOWLEDGE, "acknowledged"),
        ([ACKNOWLEDGE, RESOLVE], ACKNOWLEDGE, "resolved"),
        ([RESOLVE], RESOLVE, "resolved"),
    ],
)
async def test_a_step_that_nothing_leads_to_is_a_conflict_that_shows_the_present_state(
    before, then, present, gql, make, ann
):
    alert = await make.alert(note="Stays")
    for mutation in before:
        now = (await step(gql, mutation, alert))["alert"]
    since = datetime.fromisoformat(now[f"{present}At"]).isoformat(timespec="seconds")
    gql.act_as_user(await make.user(role="operator"))

    payload = await step(gql, then, alert, note="Another")

    assert payload == {
        "alert": None,
        "userErrors": [
            {
                "code": "CONFLICT",
                "field": ["input", "id"],
                "message": f"The alert is {present} already since {since}, by ann.",
            }
        ],
    }
    (there,) = (await gql("{ alerts { nodes { STATE } } }".replace("STATE", STATE))).data["alerts"]["nodes"]
    assert there == now


async def test_a_status_that_another_program_set_is_told_as_it_is(gql, make, ann):
    alert = await make.alert(status="resolved")

    payload = await step(gql, ACKNOWLEDGE, alert)

    assert payload["userErrors"][0]["message"] == "The alert is resolved already."


async def test_of_many_who_acknowledge_at_once_one_succeeds(gql, make):
    alert, users = await make.alert(), [await make.user(role="operator") for _ in range(8)]

    async def acknowledge(user):
        gql.act_as_user(user)
        return await gql(ACKNOWLEDGE, input={"id": f"alert_{alert.id}"})

    answers = await asyncio.gather(*map(acknowledge, users))

    payloads = [answer.data["acknowledgeAlert"] for answer in answers]
    (won,) = [payload["alert"] for payload in payloads if payload["alert"]]
    errors = [error for payload in payloads for error in payload["userErrors"]]
    assert {error["code"] for error in errors} == {"CONFLICT"}
    assert len(errors) == 7
    stored = await gql("{ alerts { nodes { acknowledgedBy { username } } } }")
    assert stored.data["alerts"]["nodes"] == [{"acknowledgedBy": won["acknowledgedBy"]}]


async def test_many_are_taken_further_in_one_statement(gql, make, ann):
    alerts = [await make.alert() for _ in range(3)]
    ids = [f"alert_{alert.id}" for alert in reversed(alerts)]

    answer = await gql(MANY % "acknowledgeAlerts", input={"ids": ids, "note": "Seen"})

    payload = answer.data["acknowledgeAlerts"]
    assert payload["userErrors"] == []
    assert [alert["id"] for alert in payload["alerts"]] == ids
    assert {(alert["status"], alert["note"]) for alert in payload["alerts"]} == {("ACKNOWLEDGED", "Seen")}
    assert [statement.split()[0] for statement in gql.statements] == ["UPDATE", "SELECT"]  # and the names


async def test_of_many_each_that_fails_is_told_by_its_place(gql, make, ann):
    pending, resolved = await make.alert(), await make.alert(status="resolved")
    ids = [f"alert_{key}" for key in (resolved.id, uuid4(), pending.id, resolved.id)]

    answer = await gql(MANY % "acknowledgeAlerts", input={"ids": ids})

    payload = answer.data["acknowledgeAlerts"]
    assert [alert["id"] for alert in payload["alerts"]] == [f"alert_{pending.id}"]
    assert payload["userErrors"] == [
        {"code": "CONFLICT", "field": ["input", "ids", "0"], "message": "The alert is resolved already."},
        {"code": "NOT_FOUND", "field": ["input", "ids", "1"], "message": "There is no such alert."},
        {"code": "CONFLICT", "field": ["input", "ids", "3"], "message": "The alert is resolved already."},
    ]


async def test_those_who_take_the_same_many_in_different_orders_share_them(gql, make, ann):
    alerts = [await make.alert() for _ in range(60)]
    ids = [f"alert_{alert.id}" for alert in alerts]
    orders = [ids, ids[::-1], ids[30:] + ids[:30], ids[::2] + ids[1::2]]

    answers = await asyncio.gather(*(gql(MANY % "resolveAlerts", input={"ids": order}) for order in orders))

    assert [answer.errors for answer in answers] == [[]] * 4
    taken = [alert["id"] for answer in answers for alert in answer.data["resolveAlerts"]["alerts"]]
    failed = [error for answer in answers for error in answer.data["resolveAlerts"]["userErrors"]]
    assert sorted(taken) == sorted(ids)
    assert len(failed) == 3 * 60


@pytest.mark.parametrize(
    ("ids", "field", "message"),
    [
        ([], ["input", "ids"], "ids takes 1 to 1,000 values, not 0."),
        ([f"alert_{uuid4()}"] * 1001, ["input", "ids"], "ids takes 1 to 1,000 values, not 1,001."),
        (["nonsense"], ["input", "ids", "0"], "An id of type Alert is expected; this is no id."),
        (
            [f"alert_{uuid4()}", f"fault_{uuid4()}"],
            ["input", "ids", "1"],
            "An id of type Alert is expected; this is one of type Fault.",
        ),
    ],
)
async def test_ids_that_cannot_be_used_change_nothing(ids, field, message, gql, ann):
    answer = await gql(MANY % "resolveAlerts", input={"ids": ids})

    assert answer.data["resolveAlerts"] == {
        "alerts": None,
        "userErrors": [{"code": "BAD_USER_INPUT", "field": field, "message": message}],
    }
    assert gql.statements == []


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("x" * 10_001, "note needs 1 to 10,000 characters."),
        ("a\x00b", "note holds a NUL character, which can't be stored."),
    ],
)
async def test_a_note_that_cannot_be_stored_changes_nothing(note, message, gql, make, ann):
    alert = await make.alert()

    payload = await step(gql, ACKNOWLEDGE, alert, note=note)

    error = {"code": "BAD_USER_INPUT", "field": ["input", "note"], "message": message}
    assert payload == {"alert": None, "userErrors": [error]}
    assert gql.statements == []


@pytest.mark.parametrize("mutation", ["acknowledgeAlert", "resolveAlert"])
async def test_a_lower_role_takes_no_step(mutation, gql, make):
    gql.act_as(Role.ANALYST, await make.user(role="analyst"))

    answer = await gql(ONE % mutation, input={"id": f"alert_{(await make.alert()).id}"})

    assert answer.codes == ["FORBIDDEN"]
    assert (await gql("{ alerts { nodes { status } } }")).data["alerts"]["nodes"] == [{"status": "PENDING"}]


async def test_who_handled_an_alert_may_leave(gql, db, make, ann):
    alert = await make.alert(assignee_id=ann.id)
    await step(gql, ACKNOWLEDGE, alert)
    await step(gql, RESOLVE, alert)

    await db.repositories().users.delete(ann.id)

    gql.act_as(Role.VIEWER)
    (there,) = (await gql("{ alerts { nodes { STATE assignee { id } } } }".replace("STATE", STATE))).data[
        "alerts"
    ]["nodes"]
    assert (there["acknowledgedBy"], there["resolvedBy"], there["assignee"]) == (None, None, None)
    assert there["acknowledgedAt"] is not None
