"""Giving alerts to users, notes on them, and many new ones at once."""

from uuid import uuid4

import pytest

from ecoctrl_gql.db.enums import Role

ASSIGN = """
mutation($id: ID!, $to: ID) {
  assignAlert(input: {id: $id, assigneeId: $to}) {
    alert { assignee { username } } userErrors { code field message }
  }
}
"""
NOTE = """
mutation($id: ID!, $note: String) {
  noteAlert(input: {id: $id, note: $note}) { alert { note } userErrors { code field message } }
}
"""
CREATE = """
mutation($alerts: [CreateAlertInput!]!) {
  createAlerts(input: {alerts: $alerts}) {
    alerts { device level message status } userErrors { code field message }
  }
}
"""
OWN = "{ unreadNotificationCount notifications { nodes { title message read } } }"


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="ann", role="operator")
    gql.act_as_user(user)
    return user


async def test_the_assignee_is_told_once(gql, make, ann, in_transactions):
    alert, bob = await make.alert(device="Pump 2", message="Humming"), await make.user(role="operator")
    ids = {"id": f"alert_{alert.id}", "to": f"user_{bob.id}"}

    in_transactions.clear()
    first = await gql(ASSIGN, **ids)
    assert len(in_transactions) == 3  # the user, the alert, the notification
    second = await gql(ASSIGN, **ids)

    assert first.data == second.data
    assert first.data["assignAlert"] == {"alert": {"assignee": {"username": bob.username}}, "userErrors": []}
    assert (await gql(OWN)).data == {"unreadNotificationCount": 0, "notifications": {"nodes": []}}
    gql.act_as_user(bob)
    assert (await gql(OWN)).data == {
        "unreadNotificationCount": 1,
        "notifications": {"nodes": [{"title": "Alert: Pump 2", "message": "Humming", "read": False}]},
    }


async def test_a_long_message_is_cut_for_the_notification(gql, make, ann):
    alert, bob = await make.alert(device="x" * 255, message="é" * 600), await make.user(role="admin")

    await gql(ASSIGN, id=f"alert_{alert.id}", to=f"user_{bob.id}")

    gql.act_as_user(bob)
    (told,) = (await gql(OWN)).data["notifications"]["nodes"]
    assert told["title"] == "Alert: " + "x" * 247 + "…"
    assert told["message"] == "é" * 499 + "…"


async def test_who_takes_an_alert_needs_no_notification(gql, make, ann):
    alert = await make.alert()

    answer = await gql(ASSIGN, id=f"alert_{alert.id}", to=f"user_{ann.id}")

    assert answer.data["assignAlert"]["alert"] == {"assignee": {"username": "ann"}}
    assert (await gql(OWN)).data["unreadNotificationCount"] == 0


async def test_an_alert_is_taken_from_whoever_had_it(gql, make, ann):
    alert = await make.alert(assignee_id=ann.id)

    for _ in range(2):
        answer = await gql(ASSIGN, id=f"alert_{alert.id}", to=None)

        assert answer.data["assignAlert"] == {"alert": {"assignee": None}, "userErrors": []}


@pytest.mark.parametrize(
    ("values", "code", "message"),
    [
        ({"role": "analyst"}, "BAD_USER_INPUT", "bob is analyst; work takes an operator at least."),
        ({"role": "admin", "status": "disabled"}, "BAD_USER_INPUT", "The account of bob is disabled."),
        (None, "NOT_FOUND", "There is no such user."),
    ],
)
async def test_only_those_who_can_do_the_work_get_it(values, code, message, gql, make, ann):
    alert = await make.alert()
    key = (await make.user(username="bob", **values)).id if values else uuid4()

    answer = await gql(ASSIGN, id=f"alert_{alert.id}", to=f"user_{key}")

    error = {"code": code, "field": ["input", "assigneeId"], "message": message}
    assert answer.data["assignAlert"] == {"alert": None, "userErrors": [error]}
    assert (await gql("{ alerts { nodes { assignee { id } } } }")).data["alerts"]["nodes"] == [
        {"assignee": None}
    ]


async def test_an_alert_that_is_not_there_is_given_to_nobody(gql, make, ann):
    bob = await make.user(role="operator")

    answer = await gql(ASSIGN, id=f"alert_{uuid4()}", to=f"user_{bob.id}")

    error = {"code": "NOT_FOUND", "field": ["input", "id"], "message": "There is no such alert."}
    assert answer.data["assignAlert"]["userErrors"] == [error]
    gql.act_as_user(bob)
    assert (await gql(OWN)).data["unreadNotificationCount"] == 0


async def test_a_note_is_written_replaced_and_removed(gql, make, ann):
    id_ = f"alert_{(await make.alert()).id}"

    for note, expected in ((" First ", "First"), ("Second", "Second"), (None, None)):
        answer = await gql(NOTE, id=id_, note=note)

        assert answer.data["noteAlert"] == {"alert": {"note": expected}, "userErrors": []}
        assert len(gql.statements) == 1
        assert (await gql("{ alerts { nodes { note } } }")).data["alerts"]["nodes"] == [{"note": expected}]


async def test_a_note_on_nothing_is_told(gql, ann):
    answer = await gql(NOTE, id=f"alert_{uuid4()}", note="x")

    assert answer.data["noteAlert"]["userErrors"] == [
        {"code": "NOT_FOUND", "field": ["input", "id"], "message": "There is no such alert."}
    ]


async def test_many_are_raised_in_one_statement_and_in_their_order(gql, ann):
    alerts = [{"device": f"Pump {n}", "level": "LOW", "message": f"“{n}”, {{x}}"} for n in range(1000)]

    answer = await gql(CREATE, alerts=alerts)

    payload = answer.data["createAlerts"]
    assert payload["userErrors"] == []
    assert payload["alerts"] == [alert | {"status": "PENDING"} for alert in alerts]
    assert len(gql.statements) == 1


async def test_what_cannot_be_raised_is_told_by_its_place(gql, ann):
    good = {"device": "Pump", "level": "LOW", "message": "x"}

    answer = await gql(CREATE, alerts=[good | {"device": " "}, good, good | {"message": "a\x00b"}])

    payload = answer.data["createAlerts"]
    assert payload["alerts"] == [good | {"status": "PENDING"}]
    assert payload["userErrors"] == [
        {
            "code": "BAD_USER_INPUT",
            "field": ["input", "alerts", "0", "device"],
            "message": "alerts.0.device needs 1 to 255 characters.",
        },
        {
            "code": "BAD_USER_INPUT",
            "field": ["input", "alerts", "2", "message"],
            "message": "alerts.2.message holds a NUL character, which can't be stored.",
        },
    ]
    assert (await gql("{ alerts { totalCount } }")).data["alerts"]["totalCount"] == 1


@pytest.mark.parametrize("count", [0, 1001])
async def test_there_are_not_too_many_at_once(count, gql, ann):
    answer = await gql(CREATE, alerts=[{"device": "Pump", "level": "LOW", "message": "x"}] * count)

    assert answer.data["createAlerts"]["alerts"] is None
    assert answer.data["createAlerts"]["userErrors"][0]["field"] == ["input", "alerts"]
    assert gql.statements == []


async def test_a_lower_role_gives_no_work(gql, make):
    gql.act_as(Role.ANALYST)
    id_ = f"alert_{(await make.alert()).id}"

    for mutation in (ASSIGN, NOTE):
        assert (await gql(mutation, id=id_)).codes == ["FORBIDDEN"]
    assert (await gql(CREATE, alerts=[])).codes == ["FORBIDDEN"]
