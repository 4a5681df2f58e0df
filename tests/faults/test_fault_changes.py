"""Recording faults, changing them, and their way from status to status with its history."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ecoctrl_gql.db.enums import Role
from tests.factories import NOON

CREATE = """
mutation($input: CreateFaultInput!) {
  createFault(input: $input) {
    fault { id device level description time status reporter { username } changes { totalCount } }
    userErrors { code field message }
  }
}
"""
UPDATE = """
mutation($input: UpdateFaultInput!) {
  updateFault(input: $input) {
    fault { device level description time status } userErrors { code field message }
  }
}
"""
MOVE = """
mutation($input: MoveFaultInput!) {
  moveFault(input: $input) { fault { status } userErrors { code field message } }
}
"""
ASSIGN = """
mutation($id: ID!, $to: ID) {
  assignFault(input: {id: $id, assigneeId: $to}) {
    fault { assignee { username } } userErrors { code field message }
  }
}
"""
HISTORY = """
query($id: ID!) {
  fault(id: $id) {
    status changes { nodes { fromStatus toStatus note changedAt user { username } fault { id } } }
  }
}
"""
NEW = {"device": " Pump 2 ", "level": "SEVERE"}


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="ann", role="operator")
    gql.act_as_user(user)
    return user


async def move(gql, fault, status, note=None):
    answer = await gql(MOVE, input={"id": f"fault_{fault.id}", "status": status, "note": note})
    assert answer.errors == []
    return answer.data["moveFault"]


async def history(gql, fault):
    answer = await gql(HISTORY, id=f"fault_{fault.id}")
    assert answer.errors == []
    return answer.data["fault"]["changes"]["nodes"]


async def test_a_new_fault_is_open_and_its_reporters(gql, ann):
    answer = await gql(CREATE, input=NEW | {"description": " Leaks ", "time": "2026-06-01T20:00:00+08:00"})

    payload = answer.data["createFault"]
    assert payload["userErrors"] == []
    assert payload["fault"] | {"id": None} == {
        "id": None,
        "device": "Pump 2",
        "level": "SEVERE",
        "description": "Leaks",
        "time": NOON.isoformat(),
        "status": "OPEN",
        "reporter": {"username": "ann"},
        "changes": {"totalCount": 0},
    }


async def test_a_fault_occurs_now_unless_told_otherwise(gql, ann):
    before = datetime.now(UTC)

    fault = (await gql(CREATE, input=NEW)).data["createFault"]["fault"]

    assert timedelta(0) <= datetime.fromisoformat(fault["time"]) - before < timedelta(minutes=1)
    assert fault["description"] is None


FUTURE = "2199-01-01T00:00:00Z"
WRONG = [
    ("device", "  ", "device needs 1 to 255 characters."),
    ("device", "x" * 256, "device needs 1 to 255 characters."),
    ("device", "a\x00b", "device holds a NUL character, which can't be stored."),
    ("description", "x" * 10_001, "description needs 1 to 10,000 characters."),
    ("time", FUTURE, "time lies in the future."),
    ("time", "1969-12-31T23:59:59Z", "time must lie in the years 1970 to 2199."),
    ("time", "0001-01-01T00:00:00+14:00", "time must lie in the years 1970 to 2199."),
]


@pytest.mark.parametrize(("field", "value", "message"), WRONG)
async def test_what_cannot_be_recorded_is_a_user_error(field, value, message, gql, ann):
    answer = await gql(CREATE, input=NEW | {field: value})

    error = {"code": "BAD_USER_INPUT", "field": ["input", field], "message": message}
    assert answer.data["createFault"] == {"fault": None, "userErrors": [error]}
    assert gql.statements == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [*WRONG, *((name, None, f"{name} can't be null.") for name in ("device", "level", "time"))],
)
async def test_what_cannot_be_changed_is_a_user_error(field, value, message, gql, make, ann):
    fault = await make.fault()

    answer = await gql(UPDATE, input={"id": f"fault_{fault.id}", field: value})

    error = {"code": "BAD_USER_INPUT", "field": ["input", field], "message": message}
    assert answer.data["updateFault"] == {"fault": None, "userErrors": [error]}
    assert gql.statements == []


async def test_a_time_without_offset_is_refused(gql, ann):
    answer = await gql(CREATE, input=NEW | {"time": "2026-06-01T20:00:00"})

    assert set(answer.codes) <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert "needs an offset" in answer.errors[0]["message"]
    assert gql.statements == []


async def test_what_is_left_out_stays(gql, make, ann):
    fault = await make.fault(device="Pump", description="Leaks")

    first = await gql(UPDATE, input={"id": f"fault_{fault.id}", "level": "NOTICE"})
    second = await gql(UPDATE, input={"id": f"fault_{fault.id}", "description": None})
    third = await gql(UPDATE, input={"id": f"fault_{fault.id}"})

    kept = {"device": "Pump", "level": "NOTICE", "time": NOON.isoformat(), "status": "OPEN"}
    assert first.data["updateFault"] == {"fault": kept | {"description": "Leaks"}, "userErrors": []}
    assert (
        second.data["updateFault"]["fault"]
        == third.data["updateFault"]["fault"]
        == kept | {"description": None}
    )


async def test_a_fault_is_repaired_reopened_and_repaired_again(gql, make, ann, in_transactions):
    fault, bob = await make.fault(), await make.user(username="bob", role="operator")

    in_transactions.clear()
    for status in ("IN_MAINTENANCE", "FIXED"):
        assert (await move(gql, fault, status))["fault"] == {"status": status}
    assert len(in_transactions) == 2 * 5  # the lock, who acts, the step, the figures, their row
    gql.act_as_user(bob)
    for status, note in (("OPEN", "Leaks again"), ("IN_MAINTENANCE", None), ("OPEN", "No parts")):
        assert (await move(gql, fault, status, note))["fault"] == {"status": status}

    steps = await history(gql, fault)
    assert [
        (step["fromStatus"], step["toStatus"], step["note"], step["user"]["username"]) for step in steps
    ] == [
        ("OPEN", "IN_MAINTENANCE", None, "ann"),
        ("IN_MAINTENANCE", "FIXED", None, "ann"),
        ("FIXED", "OPEN", "Leaks again", "bob"),
        ("OPEN", "IN_MAINTENANCE", None, "bob"),
        ("IN_MAINTENANCE", "OPEN", "No parts", "bob"),
    ]
    times = [datetime.fromisoformat(step["changedAt"]) for step in steps]
    assert times == sorted(times)
    assert {step["fault"]["id"] for step in steps} == {f"fault_{fault.id}"}


@pytest.mark.parametrize(
    ("present", "wanted", "message"),
    [
        ("open", "FIXED", "The fault is open; from there it can become in_maintenance, not fixed."),
        ("fixed", "IN_MAINTENANCE", "The fault is fixed; from there it can become open, not in_maintenance."),
        ("open", "OPEN", "The fault is open already."),
        ("in_maintenance", "IN_MAINTENANCE", "The fault is in_maintenance already."),
        ("fixed", "FIXED", "The fault is fixed already."),
    ],
)
async def test_a_step_that_skips_another_is_a_conflict_that_shows_the_way(
    present, wanted, message, gql, make, ann
):
    fault = await make.fault(status=present)

    payload = await move(gql, fault, wanted)

    error = {"code": "CONFLICT", "field": ["input", "status"], "message": message}
    assert payload == {"fault": None, "userErrors": [error]}
    assert await history(gql, fault) == []


async def test_of_several_who_begin_a_repair_one_succeeds(gql, make, ann):
    fault = await make.fault()

    payloads = await asyncio.gather(*(move(gql, fault, "IN_MAINTENANCE") for _ in range(3)))

    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0, 1, 1]
    assert len(await history(gql, fault)) == 1


async def test_what_other_programs_change_is_in_the_history(gql, db, make, ann):
    faults = [await make.fault() for _ in range(2)]
    async with db.connection() as connection:
        await connection.execute("UPDATE faults SET status = 'in_maintenance'")
        await connection.execute("UPDATE faults SET status = 'in_maintenance', device = 'x'")

    for fault in faults:
        (step,) = await history(gql, fault)
        assert (step["toStatus"], step["user"], step["note"]) == ("IN_MAINTENANCE", None, None)


async def test_the_history_says_nothing_of_what_another_transaction_said(gql, db, make, ann):
    """Who acts is said on a connection that other requests use later."""
    fault = await make.fault()
    for _ in range(db._pool.max_size + 1):
        await move(gql, fault, "IN_MAINTENANCE", "Mine")
        await move(gql, fault, "OPEN", "Mine")
    async with db.connection() as connection:
        await connection.execute("UPDATE faults SET status = 'in_maintenance'")

    *_, last = await history(gql, fault)
    assert (last["user"], last["note"]) == (None, None)


async def test_a_fault_takes_its_history_with_it_and_a_user_leaves_it(gql, db, make, ann):
    fault, other = await make.fault(), await make.fault()
    for each in (fault, other):
        await move(gql, each, "IN_MAINTENANCE")

    await db.repositories().faults.delete(other.id)
    await db.repositories().users.delete(ann.id)

    (step,) = await history(gql, fault)
    assert step["user"] is None
    assert await db.repositories().fault_changes.count() == 1


async def test_the_assignee_of_a_fault_is_told(gql, make, ann):
    fault = await make.fault(device="Pump 2", description="Leaks")
    bob = await make.user(username="bob", role="operator")

    answer = await gql(ASSIGN, id=f"fault_{fault.id}", to=f"user_{bob.id}")

    assert answer.data["assignFault"] == {"fault": {"assignee": {"username": "bob"}}, "userErrors": []}
    gql.act_as_user(bob)
    told = await gql("{ notifications { nodes { title message } } }")
    assert told.data["notifications"]["nodes"] == [{"title": "Fault: Pump 2", "message": "Leaks"}]


@pytest.mark.parametrize(
    ("mutation", "values"),
    [(UPDATE, {"level": "NOTICE"}), (UPDATE, {}), (MOVE, {"status": "FIXED"})],
)
async def test_a_fault_that_is_not_there_is_told(mutation, values, gql, ann):
    answer = await gql(mutation, input={"id": f"fault_{uuid4()}"} | values)

    (payload,) = answer.data.values()
    assert payload["userErrors"] == [
        {"code": "NOT_FOUND", "field": ["input", "id"], "message": "There is no such fault."}
    ]


async def test_a_lower_role_changes_nothing(gql, make):
    gql.act_as(Role.ANALYST)
    id_ = f"fault_{(await make.fault()).id}"

    for mutation, values in (
        (CREATE, NEW),
        (UPDATE, {"id": id_}),
        (MOVE, {"id": id_, "status": "FIXED"}),
    ):
        assert (await gql(mutation, input=values)).codes == ["FORBIDDEN"]
    assert (await gql(ASSIGN, id=id_)).codes == ["FORBIDDEN"]
