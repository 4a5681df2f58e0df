"""That events start workflows, each event once, whatever happens to the processes that read them."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ecoctrl_gql.workflows.triggers import reading
from ecoctrl_gql.workflows.triggers.event_names import event_name, means, plain_pattern, subjects_of
from tests.workflows.triggers.conftest import started_by


async def reading_from_now_on(world):
    """A process, when its triggers are armed and all before is read."""
    triggers = world.triggers()
    await triggers.look()
    return triggers


async def test_a_new_alert_starts_a_run_with_its_fields(world):
    workflow = await world.workflow("event", event="alert.added", condition="trigger.level == 'high'")
    triggers = await reading_from_now_on(world)

    await world.make.alert(level="low")
    alert = await world.make.alert(level="high", device="Chiller 1")
    await triggers.look()

    (run,) = await world.runs(workflow)
    assert (run.status, run.trigger, run.version, run.start_node_id) == ("pending", "event", 1, "begin")
    data = run.trigger_data
    assert (data["source"], data["event"], data["id"], data["device"]) == (
        "event", "alert.added", alert.id, "Chiller 1"
    )  # fmt: skip
    assert {"acknowledgedAt", "happenedAt", "cursor"} <= set(data)


async def test_names_tell_what_happened(world):
    names = ("alert.added", "alert.changed", "alert.removed", "alert.*", "*", "fault.*", "alertAdded")
    workflows = {name: await world.workflow("event", event=name) for name in names}
    triggers = await reading_from_now_on(world)

    alert = await world.make.alert()
    await world.execute("UPDATE alerts SET status = 'resolved' WHERE id = %s", alert.id)
    await world.execute("DELETE FROM alerts WHERE id = %s", alert.id)
    await triggers.look()

    fired = {name: [data["event"] for data in await world.data(workflows[name])] for name in names}
    all_three = ["alert.added", "alert.changed", "alert.removed"]
    assert fired == {
        "alert.added": all_three[:1],
        "alert.changed": all_three[1:2],
        "alert.removed": all_three[2:],
        "alert.*": all_three,
        "*": all_three,
        "fault.*": [],
        "alertAdded": all_three[:1],
    }


def test_names_come_from_tables_and_changes():
    assert event_name("maintenance_reminders", "updated") == "maintenance.changed"
    assert event_name("notifications", "created") == "notification.added"
    assert plain_pattern("workflowExecutionChanged") == "workflow_execution.changed"
    assert [plain_pattern(text) for text in ("alert.added", "*", "calendar.holiday", "aB")] == [
        "alert.added", "*", "calendar.holiday", "aB"
    ]  # fmt: skip
    assert not means("*", "workflow_executions", "created")
    assert means("workflow_execution.*", "workflow_executions", "created")
    assert "workflow_executions" not in subjects_of(["*"])
    assert subjects_of(["fault.changed", "alert.*"]) == {"faults", "alerts"}


@pytest.mark.parametrize("condition", ["trigger.level == 'low'", "trigger.nothing.there > 3", "parseInt()"])
async def test_a_condition_that_is_false_or_fails_starts_nothing(world, condition):
    await world.workflow("event", event="alert.added", condition=condition)
    triggers = await reading_from_now_on(world)

    await world.make.alert(level="high")
    await triggers.look()

    assert await world.runs() == []


async def test_a_condition_knows_the_documents_own_values_and_the_time_of_the_event(world):
    same_time = "now().slice(0, 19) == trigger.happenedAt.slice(0, 19)"
    condition = f"trigger.level == var.LEVEL && secret.WORD == 'x' && {same_time}"
    own = [{"key": "LEVEL", "value": "high"}, {"key": "WORD", "value": "x", "type": "secret"}]
    dsl = started_by("event", event="alert.added", condition=condition)
    workflow = await world.workflow("", dsl=dsl | {"envVars": own})
    triggers = await reading_from_now_on(world)

    await world.make.alert(level="high")
    await triggers.look()

    assert len(await world.runs(workflow)) == 1


async def test_what_happened_before_a_workflow_was_armed_does_not_start_it(world):
    first = await world.workflow("event", event="alert.added")
    await reading_from_now_on(world)
    await world.make.alert()  # nobody reads
    second = await world.workflow("event", event="alert.added")
    await world.triggers().look()
    await world.triggers().look()

    assert len(await world.runs(first)) == 1
    assert await world.runs(second) == []


async def test_one_that_is_armed_while_events_are_read_misses_none(world):
    triggers = await reading_from_now_on(world)
    other = world.triggers()
    workflow = await world.workflow("event", event="fault.added")
    await other.arming.look()  # of which the first process hears nothing
    await world.make.fault()

    await triggers.reader.turn()

    assert len(await world.runs(workflow)) == 1


async def test_what_happens_while_no_server_runs_is_not_lost(world):
    workflow = await world.workflow("event", event="alert.added")
    await reading_from_now_on(world)

    for _ in range(7):
        await world.make.alert()
    await world.triggers().look()
    await world.triggers().look()

    assert len(await world.runs(workflow)) == 7


async def test_a_process_that_dies_between_pages_or_within_one_loses_and_doubles_nothing(world, monkeypatch):
    workflow = await world.workflow("event", event="alert.added")
    triggers = await reading_from_now_on(world)
    await world.execute(
        "INSERT INTO alerts (device, level, message)"
        " SELECT 'P' || n, 'high', 'm' FROM generate_series(1, 20) AS n"
    )
    triggers.reader._page = triggers.reader._limit = 6
    assert (await triggers.reader.turn()).more
    assert len(await world.runs(workflow)) == 6

    async def dies(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr("ecoctrl_gql.db.repositories.event_readers.EventReaderRepository.move", dies)
        with pytest.raises(asyncio.CancelledError):
            await triggers.reader.turn()
    assert len(await world.runs(workflow)) == 6

    await world.triggers().look()

    assert sorted(data["device"] for data in await world.data(workflow)) == sorted(
        f"P{n}" for n in range(1, 21)
    )


async def test_of_several_processes_one_reads(world):
    workflow = await world.workflow("event", event="alert.added")
    await reading_from_now_on(world)
    for _ in range(5):
        await world.make.alert()
    processes = [world.triggers() for _ in range(3)]

    await asyncio.gather(*(one.look() for one in processes))

    assert len(await world.runs(workflow)) == 5


async def test_transactions_that_end_late_are_read_too(world):
    workflow = await world.workflow("event", event="alert.added")
    triggers = await reading_from_now_on(world)

    async with world.db.transaction() as repos:
        await repos.alerts.create(device="late", level="high", message="m")
        async with world.db.transaction() as others:
            await others.alerts.create(device="early", level="high", message="m")
        await triggers.look()
    await triggers.look()

    assert [data["device"] for data in await world.data(workflow)] == ["early", "late"]


async def test_events_that_are_gone_are_told_and_reading_goes_on_from_now(world):
    workflow = await world.workflow("event", event="alert.added")
    await reading_from_now_on(world)
    await world.make.alert(device="gone")
    await world.execute("DELETE FROM events")

    with capture_logs() as logs:
        await world.triggers().look()
    assert "Events were missed" in str(logs)
    await world.make.alert(device="new")
    await world.triggers().look()

    assert [data["device"] for data in await world.data(workflow)] == ["new"]


async def test_a_cursor_of_another_database_is_told_as_well(world):
    workflow = await world.workflow("event", event="alert.added")
    await reading_from_now_on(world)
    await world.execute("UPDATE event_readers SET cursor = 'nonsense'")

    await world.triggers().look()
    await world.make.alert()
    await world.triggers().look()

    assert len(await world.runs(workflow)) == 1


async def test_an_event_that_makes_the_reader_fail_is_left_out_in_the_end(world, monkeypatch):
    workflow = await world.workflow("event", event="alert.added")
    triggers = await reading_from_now_on(world)
    for number in range(9):
        await world.make.alert(device=f"P{number}")
    started = reading.Firing.events

    async def fails(firing, events):
        if any(event.stored.data["device"] == "P4" for event in events):
            raise RuntimeError
        return await started(firing, events)

    monkeypatch.setattr(reading.Firing, "events", fails)
    with capture_logs() as logs:
        for _ in range(40):
            try:
                await triggers.reader.turn()
            except RuntimeError:
                continue

    assert [data["device"] for data in await world.data(workflow)] == [f"P{n}" for n in range(9) if n != 4]
    assert "An event is left out" in str(logs)


async def test_a_workflow_that_cannot_start_stops_no_other(world):
    broken = await world.workflow("event", event="alert.added")
    good = await world.workflow("event", event="alert.added")
    triggers = await reading_from_now_on(world)
    await world.execute("UPDATE workflows SET armed_version = 99 WHERE id = %s", broken.id)
    await world.make.alert()

    await triggers.reader.turn()

    assert len(await world.runs(good)) == 1
    assert await world.runs(broken) == []


async def test_runs_start_runs_only_where_they_are_named_and_not_for_ever(world):
    everything = await world.workflow("event", event="*")
    itself = await world.workflow("event", event="workflow_execution.added")
    other = await world.workflow("event", event="workflow_execution.added")
    by_hand = await world.workflow("manual")
    triggers = await reading_from_now_on(world)

    await world.make.workflow_execution(workflow_id=by_hand.id, result={"output": "x" * 1000})
    for _ in range(20):
        await triggers.look()

    assert await world.runs(everything) == []
    chains = [[data["chain"] for data in await world.data(one)] for one in (itself, other)]
    assert [sorted(chain) for chain in chains] == [[1, 2, 3, 4, 5]] * 2
    assert all("result" not in data for data in await world.data(itself))


async def test_what_a_run_does_starts_runs_but_not_for_ever(world):
    workflow = await world.workflow("event", event="alert.added")
    triggers = await reading_from_now_on(world)
    executions = world.db.repositories().workflow_executions

    await world.make.alert()
    for _ in range(10):
        await triggers.look()
        for run in await world.runs(workflow):
            claimed = await executions.claim(run.id) if run.status == "pending" else None
            if claimed is None:
                continue
            async with world.db.transaction() as repos:  # as a step of it that raises an alert
                await repos.workflow_executions.hold(claimed)
                await repos.alerts.create(device="d", level="low", message="m")
    await world.make.alert()  # by somebody else, on the same connections
    await triggers.look()

    chains = [data.get("chain") for data in await world.data(workflow)]
    assert chains == [None, 1, 2, 3, 4, 5, None]


async def test_it_is_woken_by_events_and_workflows_and_stops(world):
    world.clock = None
    triggers = world.triggers()
    triggers.start()
    workflow = await world.workflow("event", event="alert.added")
    async with asyncio.timeout(30):
        while not await world.armed(workflow):
            await asyncio.sleep(0.02)
        await world.make.alert()
        while not await world.runs(workflow):
            await asyncio.sleep(0.02)
    await triggers.stop()

    assert len(await world.runs(workflow)) == 1
