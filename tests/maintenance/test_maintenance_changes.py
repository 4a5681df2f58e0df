"""Planning, changing, completing and deleting maintenance tasks through the API."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from ecoctrl_gql.db.enums import Role

FIELDS = """
  task description dueDate priority status assignee location estimatedHours lastCompleted
  repeatEvery repeatUnit repeatFrom completedBy { username }
"""
CREATE = """
mutation($input: CreateMaintenanceReminderInput!) {
  createMaintenanceReminder(input: $input) {
    maintenanceReminder { id FIELDS } userErrors { code field message }
  }
}
""".replace("FIELDS", FIELDS)
UPDATE = """
mutation($input: UpdateMaintenanceReminderInput!) {
  updateMaintenanceReminder(input: $input) {
    maintenanceReminder { FIELDS } userErrors { code field message }
  }
}
""".replace("FIELDS", FIELDS)
COMPLETE = """
mutation($input: CompleteMaintenanceReminderInput!) {
  completeMaintenanceReminder(input: $input) {
    maintenanceReminder { FIELDS } next { FIELDS } userErrors { code field message }
  }
}
""".replace("FIELDS", FIELDS)
DELETE = """
mutation($id: ID!) {
  deleteMaintenanceReminder(input: {id: $id}) { deletedId userErrors { code field message } }
}
"""
LIST = "{ maintenanceReminders { nodes { FIELDS } } }".replace("FIELDS", FIELDS)
SITE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    return datetime.now(SITE).date()


def days(number: int) -> str:
    return (today() + timedelta(days=number)).isoformat()


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="ann", role="operator")
    gql.act_as_user(user)
    return user


async def ask(gql, mutation, **values):
    answer = await gql(mutation, input=values)
    assert answer.errors == []
    (payload,) = answer.data.values()
    return payload


async def planned(gql, **values):
    payload = await ask(gql, CREATE, task="Change filters", dueDate=days(3), **values)
    assert payload["userErrors"] == []
    return payload["maintenanceReminder"]


async def test_a_task_is_planned(gql, ann):
    values = {"task": " Change filters ", "dueDate": days(0), "description": "F7", "priority": "HIGH"}
    values |= {"assignee": "Liu", "location": " ", "estimatedHours": 3}

    payload = await ask(gql, CREATE, **values, repeat={"every": 3, "unit": "MONTHS"})

    given = payload["maintenanceReminder"]
    assert given.pop("id").startswith("maintenance_reminder_")
    assert given == values | {
        "task": "Change filters",
        "location": None,
        "status": "PENDING",
        "lastCompleted": None,
        "repeatEvery": 3,
        "repeatUnit": "MONTHS",
        "repeatFrom": None,
        "completedBy": None,
    }
    assert (await gql(LIST)).data["maintenanceReminders"]["nodes"] == [given]


async def test_a_task_whose_day_has_passed_is_overdue_at_once(gql, ann):
    payload = await ask(gql, CREATE, task="Late", dueDate=days(-1))

    assert payload["maintenanceReminder"]["status"] == "OVERDUE"
    assert payload["maintenanceReminder"]["priority"] == "MEDIUM"


WRONG = [
    ("task", "", "task needs 1 to 255 characters."),
    ("task", "x" * 256, "task needs 1 to 255 characters."),
    ("task", "a\x00", "task holds a NUL character, which can't be stored."),
    ("dueDate", "1969-12-31", "dueDate must lie in the years 1970 to 2199."),
    ("dueDate", "9999-12-31", "dueDate must lie in the years 1970 to 2199."),
    ("assignee", "x" * 101, "assignee needs 1 to 100 characters."),
    ("location", "x" * 256, "location needs 1 to 255 characters."),
    ("description", "x" * 10_001, "description needs 1 to 10,000 characters."),
    ("estimatedHours", -1, "estimatedHours can be 0 to 10,000, not -1."),
    ("estimatedHours", 2_000_000_000, "estimatedHours can be 0 to 10,000, not 2,000,000,000."),
]


@pytest.mark.parametrize(("field", "value", "message"), WRONG)
@pytest.mark.parametrize("mutation", [CREATE, UPDATE])
async def test_what_cannot_be_stored_is_a_user_error(mutation, field, value, message, gql, make, ann):
    reminder = await make.maintenance_reminder()
    given = {"task": "x", "dueDate": days(1)} if mutation == CREATE else {"id": id_of(reminder)}

    payload = await ask(gql, mutation, **(given | {field: value}))

    error = {"code": "BAD_USER_INPUT", "field": ["input", field], "message": message}
    assert payload == {"maintenanceReminder": None, "userErrors": [error]}
    assert gql.statements == []


@pytest.mark.parametrize("every", [0, -1, 1001])
async def test_an_interval_has_its_limits(every, gql, ann):
    payload = await ask(gql, CREATE, task="x", dueDate=days(1), repeat={"every": every, "unit": "YEARS"})

    assert payload["userErrors"][0]["field"] == ["input", "repeat", "every"]
    assert gql.statements == []


@pytest.mark.parametrize("field", ["task", "dueDate", "priority", "status"])
async def test_what_a_task_needs_cannot_be_null(field, gql, make, ann):
    payload = await ask(gql, UPDATE, id=id_of(await make.maintenance_reminder()), **{field: None})

    error = {"code": "BAD_USER_INPUT", "field": ["input", field], "message": f"{field} can't be null."}
    assert payload["userErrors"] == [error]


def id_of(reminder):
    return f"maintenance_reminder_{reminder.id}"


async def test_what_is_left_out_stays(gql, ann):
    made = await planned(gql, description="F7", assignee="Liu", repeat={"every": 2, "unit": "WEEKS"})
    id_ = made.pop("id")

    payload = await ask(gql, UPDATE, id=id_, status="IN_PROGRESS", assignee=None, task="New")
    again = await ask(gql, UPDATE, id=id_)

    expected = made | {"status": "IN_PROGRESS", "assignee": None, "task": "New"}
    assert payload == again == {"maintenanceReminder": expected, "userErrors": []}
    alone = await ask(gql, UPDATE, id=id_, repeat=None)
    assert alone["maintenanceReminder"] == expected | {"repeatEvery": None, "repeatUnit": None}


async def test_a_later_due_date_takes_a_task_out_of_overdue(gql, make, ann):
    reminder = await make.maintenance_reminder(due_date=today() - timedelta(days=1), status="overdue")

    later = await ask(gql, UPDATE, id=id_of(reminder), dueDate=days(0))
    earlier = await ask(gql, UPDATE, id=id_of(reminder), dueDate=days(-1))

    assert later["maintenanceReminder"]["status"] == "PENDING"
    assert earlier["maintenanceReminder"]["status"] == "OVERDUE"


async def test_a_task_can_be_begun_with_a_later_due_date_in_one_go(gql, make, ann):
    reminder = await make.maintenance_reminder(due_date=today() - timedelta(days=1), status="overdue")

    late = await ask(gql, UPDATE, id=id_of(reminder), status="IN_PROGRESS", task="Never stored")
    moved = await ask(gql, UPDATE, id=id_of(reminder), status="IN_PROGRESS", dueDate=days(1))

    message = f"It was due on {days(-1)}: complete it, or give it a later due date."
    error = {"code": "CONFLICT", "field": ["input", "status"], "message": message}
    assert late == {"maintenanceReminder": None, "userErrors": [error]}
    assert moved["maintenanceReminder"]["status"] == "IN_PROGRESS"
    assert moved["maintenanceReminder"]["task"] == reminder.task


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("OVERDUE", "status can be PENDING or IN_PROGRESS; a task becomes overdue by itself."),
        (
            "COMPLETED",
            "status can be PENDING or IN_PROGRESS; completeMaintenanceReminder completes a task.",
        ),
    ],
)
async def test_some_statuses_have_their_own_way(status, message, gql, make, ann):
    payload = await ask(gql, UPDATE, id=id_of(await make.maintenance_reminder()), status=status)

    error = {"code": "BAD_USER_INPUT", "field": ["input", "status"], "message": message}
    assert payload["userErrors"] == [error]


async def test_a_task_is_done_once(gql, ann):
    made = await planned(gql)
    id_ = made.pop("id")

    first = await ask(gql, COMPLETE, id=id_, completedOn=days(-2))
    second = await ask(gql, COMPLETE, id=id_)
    reopened = await ask(gql, UPDATE, id=id_, status="PENDING")

    done = made | {"status": "COMPLETED", "lastCompleted": days(-2), "completedBy": {"username": "ann"}}
    assert first == {"maintenanceReminder": done, "next": None, "userErrors": []}
    message = f"It is completed already, on {days(-2)}."
    for payload, field in ((second, "id"), (reopened, "status")):
        assert payload["userErrors"] == [{"code": "CONFLICT", "field": ["input", field], "message": message}]
    assert (await gql(LIST)).data["maintenanceReminders"]["nodes"] == [done]
    renamed = await ask(gql, UPDATE, id=id_, task="Renamed", dueDate=days(-9))
    assert renamed["maintenanceReminder"] == done | {"task": "Renamed", "dueDate": days(-9)}


async def test_a_repeated_task_comes_again(gql, ann):
    made = await planned(gql, assignee="Liu", estimatedHours=2, repeat={"every": 1, "unit": "WEEKS"})

    payload = await ask(gql, COMPLETE, id=made.pop("id"))

    done = made | {"status": "COMPLETED", "lastCompleted": days(0), "completedBy": {"username": "ann"}}
    coming = made | {"dueDate": days(10), "lastCompleted": days(0), "repeatFrom": days(3)}
    assert payload == {"maintenanceReminder": done, "next": coming, "userErrors": []}
    assert (await gql(LIST)).data["maintenanceReminders"]["nodes"] == [done, coming]


async def test_what_was_missed_does_not_come_again(gql, make, ann):
    """Done after its due date and that of two more: the next one lies after today."""
    reminder = await make.maintenance_reminder(
        due_date=today() - timedelta(days=20), status="overdue", repeat_every=7, repeat_unit="days"
    )

    payload = await ask(gql, COMPLETE, id=id_of(reminder))

    assert payload["next"]["dueDate"] == days(1)
    assert payload["next"]["status"] == "PENDING"


async def test_a_plan_begins_anew_with_a_new_due_date(gql, make, ann):
    reminder = await make.maintenance_reminder(
        due_date=date(2030, 2, 28), repeat_every=1, repeat_unit="months", repeat_from=date(2030, 1, 31)
    )

    kept = await ask(gql, UPDATE, id=id_of(reminder), task="Other")
    moved = await ask(gql, UPDATE, id=id_of(reminder), dueDate="2030-02-15")
    payload = await ask(gql, COMPLETE, id=id_of(reminder))

    assert kept["maintenanceReminder"]["repeatFrom"] == "2030-01-31"
    assert moved["maintenanceReminder"]["repeatFrom"] is None
    assert payload["next"]["dueDate"] == "2030-03-15"


async def test_a_task_of_the_31st_comes_back_to_the_31st(gql, make, ann):
    reminder = await make.maintenance_reminder(
        due_date=date(2030, 2, 28), repeat_every=1, repeat_unit="months", repeat_from=date(2030, 1, 31)
    )

    payload = await ask(gql, COMPLETE, id=id_of(reminder))

    assert (payload["next"]["dueDate"], payload["next"]["repeatFrom"]) == ("2030-03-31", "2030-01-31")


async def test_of_several_who_complete_a_task_one_plans_the_next(gql, ann):
    made = await planned(gql, repeat={"every": 1, "unit": "DAYS"})

    payloads = await asyncio.gather(*(ask(gql, COMPLETE, id=made["id"]) for _ in range(3)))

    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0, 1, 1]
    assert len((await gql(LIST)).data["maintenanceReminders"]["nodes"]) == 2


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (days(1), "completedOn lies in the future."),
        ("1960-01-01", "completedOn must lie in the years 1970 to 2199."),
    ],
)
async def test_nothing_is_done_in_advance(day, message, gql, make, ann):
    payload = await ask(gql, COMPLETE, id=id_of(await make.maintenance_reminder()), completedOn=day)

    error = {"code": "BAD_USER_INPUT", "field": ["input", "completedOn"], "message": message}
    assert payload == {"maintenanceReminder": None, "next": None, "userErrors": [error]}


async def test_a_task_is_deleted_once(gql, make, ann):
    id_ = id_of(await make.maintenance_reminder())

    first, second = [(await gql(DELETE, id=id_)).data["deleteMaintenanceReminder"] for _ in range(2)]

    assert first == {"deletedId": id_, "userErrors": []}
    message = "There is no such maintenance reminder."
    error = {"code": "NOT_FOUND", "field": ["input", "id"], "message": message}
    assert second == {"deletedId": None, "userErrors": [error]}
    assert (await gql(LIST)).data["maintenanceReminders"]["nodes"] == []


@pytest.mark.parametrize("mutation", [UPDATE, COMPLETE])
@pytest.mark.parametrize(
    ("id_", "code"),
    [(f"maintenance_reminder_{uuid4()}", "NOT_FOUND"), (f"alert_{uuid4()}", "BAD_USER_INPUT")],
    ids=["unknown", "of another type"],
)
async def test_a_task_that_is_not_there_is_told(mutation, id_, code, gql, ann):
    payload = await ask(gql, mutation, id=id_)

    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [(code, ["input", "id"])]


async def test_a_lower_role_changes_nothing(gql, make):
    gql.act_as(Role.ANALYST)
    id_ = id_of(await make.maintenance_reminder())

    for mutation in (UPDATE, COMPLETE):
        assert (await gql(mutation, input={"id": id_})).codes == ["FORBIDDEN"]
    assert (await gql(CREATE, input={"task": "x", "dueDate": days(1)})).codes == ["FORBIDDEN"]
    assert (await gql(DELETE, id=id_)).codes == ["FORBIDDEN"]


async def test_what_is_due_soon_can_be_asked_for(gql, make):
    for number, status in (
        (-1, "overdue"),
        (0, "pending"),
        (3, "in_progress"),
        (3, "completed"),
        (8, "pending"),
    ):
        due = today() + timedelta(days=number)
        await make.maintenance_reminder(task=f"{number} {status}", due_date=due, status=status)
    query = """
    query($days: Int, $filter: MaintenanceReminderFilter) {
      maintenanceReminders(dueWithinDays: $days, filter: $filter) { totalCount nodes { task } }
    }
    """

    async def tasks(**arguments):
        found = (await gql(query, **arguments)).data["maintenanceReminders"]
        assert found["totalCount"] == len(found["nodes"])
        return [node["task"] for node in found["nodes"]]

    assert await tasks(days=0) == ["0 pending"]
    assert await tasks(days=3) == ["0 pending", "3 in_progress"]
    assert await tasks(days=8, filter={"status": {"eq": "PENDING"}}) == ["0 pending", "8 pending"]
    assert len(await tasks()) == len(await tasks(days=None)) == 5
    for number in (-1, 3651):
        answer = await gql(query, days=number)
        assert answer.codes == ["BAD_USER_INPUT"]
        assert answer.errors[0]["message"] == f"dueWithinDays can be 0 to 3,650, not {number:,}."


async def test_today_is_the_sites_today(gql, make, ann):
    """In one of two time zones that are a day and more apart, the site's day is not that of UTC."""
    seen = set()
    await make.platform_config(timezone="Pacific/Kiritimati")
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        await gql.db.repositories().platform_configs.put(timezone=zone)
        there = datetime.now(ZoneInfo(zone)).date()
        late, due = [
            await ask(gql, CREATE, task="x", dueDate=(there - timedelta(days=ago)).isoformat())
            for ago in (1, 0)
        ]
        seen |= {there}
        assert late["maintenanceReminder"]["status"] == "OVERDUE"
        assert due["maintenanceReminder"]["status"] == "PENDING"
    assert seen != {datetime.now(UTC).date()}


async def test_a_time_zone_that_nobody_knows_does_not_stop_the_work(gql, make, ann):
    await make.platform_config(timezone="../../etc/Nowhere")

    assert (await ask(gql, CREATE, task="x", dueDate=days(0)))["maintenanceReminder"]["status"] == "PENDING"
