"""That schedules fire when they should, each time once, whatever happens to clocks and processes."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ecoctrl_gql.workflows.triggers.schedules import CatchUp, Schedule
from ecoctrl_gql.workflows.triggers.scheduling import fires_due
from tests.workflows.triggers.moments import at

BERLIN = "Europe/Berlin"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def scheduled(world, cron, timezone="UTC", **config):
    """A workflow with a schedule that is armed when the clock shows what it shows."""
    workflow = await world.workflow("schedule", cron=cron, timezone=timezone, **config)
    triggers = world.triggers()
    await triggers.arming.look()
    return workflow, triggers


async def pass_time(world, triggers, start, end, step):
    """Let the clock go, and the schedules look at it."""
    world.clock.at = start
    while world.clock.at <= end:
        await triggers.scheduling.look()
        world.clock.at += step


async def test_a_run_begins_when_the_time_has_come_and_not_before(world):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59, 30)
    workflow, triggers = await scheduled(world, "0 7 * * *")

    await triggers.scheduling.look()
    assert await world.runs() == []
    world.clock.at = at("UTC", 2026, 5, 4, 7, 0, 0)
    await triggers.scheduling.look()
    await triggers.scheduling.look()

    (run,) = await world.runs(workflow)
    assert (run.status, run.trigger, run.version, run.start_node_id) == ("pending", "schedule", 1, "begin")
    assert run.trigger_data == {
        "source": "schedule",
        "scheduledAt": "2026-05-04T07:00:00+00:00",
        "timezone": "UTC",
    }
    assert run.dedup_key == "schedule:trigger:2026-05-04T07:00:00+00:00"
    (trigger,) = await world.armed(workflow)
    assert trigger.next_at == at("UTC", 2026, 5, 5, 7)
    assert trigger.fired_at == world.clock.at


async def test_six_fields_count_seconds_and_nothing_drifts(world):
    world.clock.at = at("UTC", 2026, 5, 4, 7)
    workflow, triggers = await scheduled(world, "*/10 * * * * *")

    await pass_time(
        world, triggers, world.clock.at, world.clock.at + MINUTE, timedelta(seconds=3, milliseconds=700)
    )

    assert [data["scheduledAt"][17:19] for data in await world.data(workflow)] == [
        "10", "20", "30", "40", "50"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "cron", "fires"),
    [
        ((2026, 3, 29), "30 2 * * *", ["03:00"]),
        ((2026, 10, 25), "30 2 * * *", ["02:30"]),
        ((2026, 3, 29), "0 * * * *", 23),
        ((2026, 10, 25), "0 * * * *", 25),
    ],
)
async def test_days_of_23_and_25_hours(world, day, cron, fires):
    start = at(BERLIN, *day) - timedelta(seconds=1)
    end = at(BERLIN, *day) + timedelta(days=1, seconds=-1)  # by the clock
    world.clock.at = start.astimezone(UTC)
    workflow, triggers = await scheduled(world, cron, BERLIN)

    await pass_time(world, triggers, world.clock.at, end.astimezone(UTC), 10 * MINUTE / 12)

    times = [datetime.fromisoformat(data["scheduledAt"]) for data in await world.data(workflow)]
    assert len(set(times)) == len(times)
    if isinstance(fires, int):
        assert len(times) == fires
    else:
        assert [f"{time.astimezone(ZoneInfo(BERLIN)):%H:%M}" for time in times] == fires


async def test_a_schedule_without_zone_goes_by_the_platforms_and_follows_it(world):
    world.clock.at = at("UTC", 2026, 5, 4, 10)
    await world.make.platform_config(timezone="Asia/Shanghai")
    workflow = await world.workflow("schedule", cron="0 7 * * *")
    triggers = world.triggers()
    await triggers.arming.look()
    assert [one.next_at for one in await world.armed(workflow)] == [at("UTC", 2026, 5, 4, 23)]

    await world.execute("UPDATE platform_configs SET timezone = 'America/New_York'")
    await triggers.arming.look()
    assert [one.next_at for one in await world.armed(workflow)] == [at("UTC", 2026, 5, 4, 11)]

    await world.execute("UPDATE platform_configs SET timezone = 'Asia/Tokyo'")
    world.clock.at = at("UTC", 2026, 5, 4, 11)
    await triggers.scheduling.look()
    assert await world.runs() == []  # it is 20:00 there
    assert [one.next_at for one in await world.armed(workflow)] == [at("UTC", 2026, 5, 4, 22)]


@pytest.mark.parametrize(
    ("policy", "made_up"),
    [(None, []), ("skip", []), ("once", [10]), ("all", [8, 9, 10])],
)
async def test_what_was_missed_while_no_server_ran(world, policy, made_up):
    world.clock.at = at("UTC", 2026, 5, 4, 7, 30)
    workflow, _ = await scheduled(world, "0 * * * *", **({"catchUp": policy} if policy else {}))

    world.clock.at = at("UTC", 2026, 5, 4, 10, 30)
    await world.triggers().look()
    world.clock.at = at("UTC", 2026, 5, 4, 11)
    await world.triggers().look()

    hours = [datetime.fromisoformat(data["scheduledAt"]).hour for data in await world.data(workflow)]
    assert sorted(hours) == [*made_up, 11]


def test_what_is_late_by_a_minute_was_not_missed():
    schedule, due = Schedule.of("0 * * * *", "UTC"), at("UTC", 2026, 5, 4, 8)

    assert fires_due(schedule, CatchUp.SKIP, due, due + MINUTE).instants == [due]
    assert fires_due(schedule, CatchUp.SKIP, due, due + MINUTE + timedelta(seconds=1)).instants == []
    assert fires_due(schedule, CatchUp.ONCE, due, due + 2 * HOUR).instants == [due + 2 * HOUR]
    assert fires_due(schedule, CatchUp.ALL, due, due + HOUR).instants == [due, due + HOUR]


def test_no_fire_is_counted_twice_where_a_minute_ends():
    schedule, due = Schedule.of("* * * * * *", "UTC"), at("UTC", 2026, 5, 4, 8)
    now = due + timedelta(minutes=3)

    instants = fires_due(schedule, CatchUp.ALL, due, now).instants

    assert instants == [due + timedelta(seconds=second) for second in range(181)]


async def test_years_of_missed_seconds_end(world):
    world.clock.at = at("UTC", 2020, 1, 1)
    workflow, _ = await scheduled(world, "* * * * * *", catchUp="once")

    world.clock.at = at("UTC", 2026, 5, 4)
    await world.triggers().look()

    assert len(await world.runs(workflow)) == 61  # of the last minute, which is not late


async def test_clocks_that_are_set_back_and_forth(world):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59)
    workflow, triggers = await scheduled(world, "0 7 * * *")
    world.clock.at = at("UTC", 2026, 5, 4, 7)
    await triggers.scheduling.look()

    world.clock.at = at("UTC", 2026, 5, 4, 6, 59, 50)
    await world.triggers().look()
    world.clock.at = at("UTC", 2026, 5, 4, 7)
    await world.triggers().look()
    assert len(await world.runs(workflow)) == 1

    world.clock.at = at("UTC", 2036, 1, 1, 7)  # a battery was empty
    await world.triggers().look()
    assert len(await world.runs(workflow)) == 2
    world.clock.at = at("UTC", 2026, 5, 5, 6)
    await world.triggers().look()
    assert [one.next_at for one in await world.armed(workflow)] == [at("UTC", 2026, 5, 5, 7)]


async def test_several_processes_fire_once(world):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59)
    workflows = [(await scheduled(world, "0 7 * * *"))[0] for _ in range(4)]
    world.clock.at = at("UTC", 2026, 5, 4, 7)
    processes = [world.triggers() for _ in range(3)]

    await asyncio.gather(*(one.scheduling.look() for one in processes))

    assert [len(await world.runs(workflow)) for workflow in workflows] == [1] * 4


async def test_a_process_that_dies_in_the_middle_leaves_the_fire_to_another(world, monkeypatch):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59)
    workflow, triggers = await scheduled(world, "0 7 * * *")
    world.clock.at = at("UTC", 2026, 5, 4, 7)

    async def dies(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(
            "ecoctrl_gql.db.repositories.workflow_triggers.WorkflowTriggerRepository.set_next", dies
        )
        with pytest.raises(asyncio.CancelledError):
            await triggers.scheduling.look()
    assert await world.runs() == []

    await world.triggers().scheduling.look()
    assert len(await world.runs(workflow)) == 1


async def test_one_that_fails_stops_no_other_and_is_tried_again(world):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59)
    bad, triggers = await scheduled(world, "0 7 * * *")
    good, _ = await scheduled(world, "0 7 * * *")
    await world.execute(
        "UPDATE workflow_triggers SET config = '{\"cron\": 5}' WHERE workflow_id = %s", bad.id
    )
    world.clock.at = at("UTC", 2026, 5, 4, 7)

    assert await triggers.scheduling.look() == (1, 2)
    assert await triggers.scheduling.look() == (0, 0)  # no tight loop

    assert len(await world.runs(good)) == 1
    assert await world.runs(bad) == []
    await world.execute('UPDATE workflow_triggers SET config = \'{"cron": "0 7 * * *", "timezone": "UTC"}\'')
    world.clock.at += timedelta(seconds=31)
    await triggers.scheduling.look()
    assert len(await world.runs(bad)) == 1


async def test_a_disabled_workflow_does_not_fire_even_before_it_is_disarmed(world):
    world.clock.at = at("UTC", 2026, 5, 4, 6, 59)
    _, triggers = await scheduled(world, "0 7 * * *")
    await world.execute("UPDATE workflows SET enabled = false")
    world.clock.at = at("UTC", 2026, 5, 4, 7)

    assert await triggers.scheduling.look() == (0, 0)

    assert await world.runs() == []


async def test_it_runs_by_itself_on_the_databases_time(world):
    workflow = await world.workflow("schedule", cron="* * * * * *", timezone="UTC")
    world.clock = None
    triggers = world.triggers()
    triggers.start()
    async with asyncio.timeout(30):
        while len(await world.runs(workflow)) < 2:
            await asyncio.sleep(0.05)
    await triggers.stop()

    times = [datetime.fromisoformat(data["scheduledAt"]) for data in await world.data(workflow)]
    assert len(set(times)) == len(times)
