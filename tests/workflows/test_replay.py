"""The past played again, by schedules, events and changed values."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.workflows.dsl.building import around, node

REPLAY = """query($input: ReplayWorkflowInput!) { replayWorkflow(input: $input) {
  coveredFrom
  summary { fires completed failed truncated until effects { name count } nodes { name count }
            failedNodes { name count } firstFailures { at error nodeId } }
  compared { fires effects { name count } }
  fires(first: 5) { at trigger triggerData status output effects { kind summary } }
  differences(first: 5) { at one { output } other { output } } } }"""


@pytest.fixture
def replay(gql, administrator):
    async def send(**input):
        answer = await gql(REPLAY, input=input)
        assert answer.errors == []
        return answer.data["replayWorkflow"]

    return send


def hourly():
    return around(
        node("tell", "alert", device="Clock", message="{{trigger.scheduledAt}}"),
        trigger={"type": "schedule", "config": {"cron": "0 * * * *", "timezone": "Europe/Berlin"}},
    )


async def test_a_schedule_fires_on_days_of_23_and_25_hours(replay):
    spring = await replay(dsl=hourly(), **{"from": "2026-03-28T23:00:00Z"}, to="2026-03-29T21:59:59Z")
    autumn = await replay(dsl=hourly(), **{"from": "2026-10-24T22:00:00Z"}, to="2026-10-25T22:59:59Z")

    assert (spring["summary"]["fires"], autumn["summary"]["fires"]) == (23, 25)
    assert spring["summary"]["effects"] == [{"name": "alert", "count": 23}]
    assert spring["fires"][0] == {
        "at": "2026-03-28T23:00:00+00:00",
        "trigger": "SCHEDULE",
        "triggerData": {
            "source": "schedule",
            "scheduledAt": "2026-03-28T23:00:00+00:00",
            "timezone": "Europe/Berlin",
        },
        "status": "COMPLETED",
        "output": {},
        "effects": [{"kind": "alert", "summary": "Raise alert: Clock"}],
    }


async def test_a_year_of_an_hourly_schedule_is_played_whole(replay):
    year = await replay(dsl=hourly(), **{"from": "2025-01-01T00:00:00Z"}, to="2025-12-31T23:59:59Z")

    assert (year["summary"]["fires"], year["summary"]["truncated"]) == (8760, False)


async def test_too_many_starts_are_cut_and_it_is_said(replay):
    cut = await replay(
        dsl=hourly(), **{"from": "2025-01-01T00:00:00Z"}, to="2025-12-31T23:59:59Z", maxFires=10
    )

    assert (cut["summary"]["fires"], cut["summary"]["truncated"]) == (10, True)
    assert cut["summary"]["until"] == "2025-01-01T10:00:00+00:00"


async def test_events_of_the_past_would_have_started_it_where_its_condition_held(replay, make):
    before = datetime.now(UTC)
    for level in ("high", "low", "high"):
        await make.alert(level=level, device=f"P-{level}", message="m")
    dsl = around(
        node(
            "call", "http_request", method="POST", url="https://duty.example.org/", body="{{trigger.device}}"
        ),
        trigger={
            "type": "event",
            "config": {"event": "alert.added", "condition": "trigger.level === 'high'"},
        },
    )

    played = await replay(
        dsl=dsl,
        **{"from": before.isoformat()},
        to=(datetime.now(UTC) + timedelta(seconds=1)).isoformat(),
    )

    assert (played["summary"]["fires"], played["summary"]["failed"]) == (2, 0)
    assert [fire["triggerData"]["device"] for fire in played["fires"]] == ["P-high", "P-high"]
    assert played["coveredFrom"] is not None


async def test_a_state_that_has_to_last_is_played_in_its_own_time(replay, make, db):
    before = datetime.now(UTC)
    item = await make.iot_object(metadata_={"points": [{"id": "p1", "values": {"presentValue": 1}}]})
    await db.repositories().objects.update(
        item.id, metadata_={"points": [{"id": "p1", "values": {"presentValue": 900}}]}
    )
    dsl = around(
        node("tell", "alert", device="Meter", message="{{trigger.newValue}}"),
        trigger={
            "type": "state_change",
            "config": {
                "watch": ["objects.*.points.p1.presentValue"],
                "condition": "trigger.newValue > 800",
                "for": "10m",
            },
        },
    )

    soon = datetime.now(UTC) + timedelta(minutes=5)
    later = datetime.now(UTC) + timedelta(minutes=15)
    short = await replay(dsl=dsl, **{"from": before.isoformat()}, to=soon.isoformat())
    long = await replay(dsl=dsl, **{"from": before.isoformat()}, to=later.isoformat())

    assert (short["summary"]["fires"], long["summary"]["fires"]) == (0, 1)
    (fire,) = long["fires"]
    assert fire["trigger"] == "STATE_CHANGE"
    assert datetime.fromisoformat(fire["at"]) - before >= timedelta(minutes=10)


async def test_two_versions_are_compared_start_by_start(replay, make, db):
    def version(limit):
        return (
            around(
                node("v", "variable", set={"hour": "{{parseInt(trigger.scheduledAt.slice(11, 13))}}"}),
                node("high", "variable", set={"high": f"{{{{vars.hour >= {limit}}}}}"}),
                trigger={"type": "schedule", "config": {"cron": "0 * * * *", "timezone": "UTC"}},
            )
            | {}
        )

    one, two = version(20), version(22)
    for each in (one, two):
        each["nodes"][-1]["config"] = {"output": {"high": "{{vars.high}}"}}
    workflow = await make.workflow(dsl=one)
    await db.repositories().workflows.update(workflow.id, dsl=two)

    compared = await replay(
        id=f"workflow_{workflow.id}",
        version=1,
        compareWith={"version": 2},
        **{"from": "2026-01-01T00:00:00Z"},
        to="2026-01-01T23:59:00Z",
    )

    assert (compared["summary"]["fires"], compared["compared"]["fires"]) == (24, 24)
    assert compared["differences"] == [
        {
            "at": f"2026-01-01T{hour}:00:00+00:00",
            "one": {"output": {"high": True}},
            "other": {"output": {"high": False}},
        }
        for hour in (20, 21)
    ]


async def test_runs_that_would_have_failed_are_told_with_their_reason(replay):
    dsl = around(
        node("bad", "alert", device="Clock", message="{{trigger.nothing}}"),
        trigger={"type": "schedule", "config": {"cron": "0 0 * * *", "timezone": "UTC"}},
    )

    answer = await replay(dsl=dsl, **{"from": "2026-01-01T00:00:00Z"}, to="2026-01-03T00:00:00Z")

    assert (answer["summary"]["fires"], answer["summary"]["failed"]) == (3, 3)
    assert answer["summary"]["failedNodes"] == [{"name": "bad", "count": 3}]
    assert answer["summary"]["firstFailures"][0]["nodeId"] == "bad"


async def test_the_end_lies_behind_the_begin(gql, administrator):
    answer = await gql(
        REPLAY, input={"dsl": hourly(), "from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    )

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_what_was_not_played_of_one_is_no_difference(replay):
    def every(hours):
        dsl = hourly()
        dsl["trigger"]["config"] = {"cron": f"0 */{hours} * * *", "timezone": "UTC"}
        return dsl

    compared = await replay(
        dsl=every(1),
        compareWith={"dsl": every(2)},
        maxFires=10,
        **{"from": "2026-01-01T00:00:00Z"},
        to="2026-01-02T00:00:00Z",
    )

    assert [difference["at"][11:13] for difference in compared["differences"]] == [
        "01",
        "03",
        "05",
        "07",
        "09",
    ]


async def test_a_workflow_that_nothing_in_the_past_starts_is_refused(gql, administrator):
    answer = await gql(
        REPLAY, input={"dsl": around(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    )

    assert answer.codes == ["BAD_USER_INPUT"]
    assert "no schedule, event or state_change" in answer.errors[0]["message"]


def slow(policy, limit=None):
    """Work of an hour and a half that is started each hour, and raises an alert first and last."""
    dsl = around(
        node("early", "alert", device="Slow", message="began"),
        node("wait", "delay", durationMs=5_400_000),
        node("late", "alert", device="Slow", message="{{trigger.scheduledAt}}"),
        trigger={"type": "schedule", "config": {"cron": "0 * * * *", "timezone": "UTC"}},
    )
    dsl["settings"] = {"concurrency": {"policy": policy, **({"limit": limit} if limit else {})}}
    return dsl


FOUR_HOURS = {"from": "2026-03-02T00:00:00Z", "to": "2026-03-02T03:59:00Z"}


@pytest.mark.parametrize(
    ("policy", "limit", "began", "statuses", "counted"),
    [
        ("allow", None, ["00:00", "01:00", "02:00", "03:00"], ["COMPLETED"] * 4, (8, 0, 0)),
        ("skip", None, ["00:00", "02:00"], ["COMPLETED"] * 2, (4, 0, 2)),
        ("skip", 2, ["00:00", "01:00", "02:00", "03:00"], ["COMPLETED"] * 4, (8, 0, 0)),
        ("queue", None, ["00:00", "01:30", "03:00", "04:30"], ["COMPLETED"] * 4, (8, 0, 0)),
        ("queue", 2, ["00:00", "01:00", "02:00", "03:00"], ["COMPLETED"] * 4, (8, 0, 0)),
        ("replace", None, ["00:00", "01:00", "02:00", "03:00"], ["CANCELLED"] * 3 + ["COMPLETED"], (5, 3, 0)),
        ("replace", 2, ["00:00", "01:00", "02:00", "03:00"], ["COMPLETED"] * 4, (8, 0, 0)),
    ],
)
async def test_runs_get_in_each_others_way_as_the_settings_say(
    policy, limit, began, statuses, counted, gql, administrator
):
    answer = await gql(
        """query($input: ReplayWorkflowInput!) { replayWorkflow(input: $input) {
          summary { fires replaced skipped effects { count } } fires { status beganAt endedAt } } }""",
        input={"dsl": slow(policy, limit), **FOUR_HOURS},
    )

    summary, fires = (answer.data["replayWorkflow"][name] for name in ("summary", "fires"))
    assert [fire["beganAt"][11:16] for fire in fires] == began
    assert [fire["status"] for fire in fires] == statuses
    assert (summary["effects"][0]["count"], summary["replaced"], summary["skipped"]) == counted
    assert summary["fires"] == len(began)


async def test_a_run_that_would_have_waited_too_long_for_its_turn_fails(replay):
    dsl = slow("queue")
    dsl["settings"]["timeoutMs"] = 2 * 3600 * 1000

    found = await replay(dsl=dsl, **FOUR_HOURS)

    assert [fire["status"] for fire in found["fires"]] == ["COMPLETED", "FAILED", "FAILED", "FAILED"]
    assert found["summary"]["firstFailures"][0]["error"] == "The run took longer than its settings allow."
