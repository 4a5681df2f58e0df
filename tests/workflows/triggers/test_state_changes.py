"""That changed values of points start workflows: at once, or when a state has lasted."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

ANY = "objects.*.points.*.*"
MINUTES = timedelta(minutes=1)


def points(*values, **of_p1):
    """The metadata of an object with the point P1, or with points by their number."""
    given = [of_p1] if of_p1 else values
    return {"unit": "kW", "points": [{"id": f"P{n}", "values": each} for n, each in enumerate(given, 1)]}


async def told(world):
    """The changes of values that were published: what happened, which value, before and after."""
    rows = await world.execute("SELECT change, data FROM events WHERE subject = 'point_values' ORDER BY id")
    return [(change, d["pointId"], d["key"], d["oldValue"], d["newValue"]) for change, d in rows]


async def forget(world):
    await world.execute("DELETE FROM events")


async def set_values(world, object_id, *values, **of_p1):
    await world.execute(
        "UPDATE objects SET metadata = %s WHERE id = %s", Jsonb(points(*values, **of_p1)), object_id
    )


async def test_each_value_that_changes_is_told_with_what_it_was(world):
    meter = await world.make.iot_object(metadata_=points({"a": 1, "b": "x"}, {"a": 5}))
    assert await told(world) == [
        ("created", "P1", "a", "", 1), ("created", "P1", "b", "", "x"), ("created", "P2", "a", "", 5)
    ]  # fmt: skip
    await forget(world)

    await set_values(world, meter.id, {"a": 2, "c": None}, {"a": 5})
    await world.execute("UPDATE objects SET name = 'same'")
    await world.execute("DELETE FROM objects")

    assert await told(world) == [
        ("updated", "P1", "a", 1, 2),
        ("deleted", "P1", "b", "x", ""),
        ("created", "P1", "c", "", None),
        ("deleted", "P1", "a", 2, ""),
        ("deleted", "P1", "c", None, ""),
        ("deleted", "P2", "a", 5, ""),
    ]


@pytest.mark.parametrize(
    "held",
    [
        [{"id": "P1", "values": {"v": 1}}],
        [{"pointId": "P1", "values": {"v": 1}}],
        [{"code": "P1", "values": {"v": 1}}],
        [
            {"values": {"v": 3}},
            {"id": "P1", "values": {"v": 2}},
            7,
            "x",
            None,
            {"id": "P1", "values": {"v": 1}},
        ],
        {"P1": {"values": {"v": 1}}},
        {"P1": {"v": 1}, "P2": 5, "P3": None},
    ],
)
async def test_points_are_read_in_every_form(world, held):
    await world.make.iot_object(metadata_={"points": held})

    assert await told(world) == [("created", "P1", "v", "", 1)]


@pytest.mark.parametrize(
    "metadata",
    [{}, {"points": None}, {"points": 5}, {"points": []}, {"points": [{"id": "P1", "values": [1]}]}, [], 3],
)
async def test_objects_without_values_tell_nothing(world, metadata):
    await world.make.iot_object(metadata_=metadata)
    await world.execute("UPDATE objects SET metadata = '{}'")
    await world.execute("DELETE FROM objects")

    assert await told(world) == []


async def test_thousands_of_objects_in_one_statement(world):
    await world.execute(
        "INSERT INTO objects (code, name, type, metadata) SELECT 'C' || n, 'n', 't',"
        " jsonb_build_object('points', jsonb_build_array(jsonb_build_object('id', 'P', 'values',"
        " jsonb_build_object('v', n)))) FROM generate_series(1, 5000) n"
    )
    await forget(world)

    await world.execute(
        "UPDATE objects SET metadata = jsonb_set(metadata, '{points,0,values,v}', '0')"
        " WHERE metadata->'points'->0->'values'->>'v' LIKE '%9'"
    )

    assert len(await told(world)) == 500


async def watching(world, *watch, **config):
    workflow = await world.workflow("state_change", watch=list(watch) or [ANY], **config)
    triggers = world.triggers()
    await triggers.look()
    return workflow, triggers


async def test_a_change_starts_a_run_that_knows_what_changed(world):
    meter = await world.make.iot_object(code="M-1", metadata_=points(v=1))
    workflow, triggers = await watching(world, condition="trigger.newValue > 5")

    await set_values(world, meter.id, v=3)
    await set_values(world, meter.id, v=7)
    await triggers.look()

    (run,) = await world.runs(workflow)
    assert (run.status, run.trigger) == ("pending", "state_change")
    data = run.trigger_data
    assert {
        key: data[key] for key in ("source", "objectUuid", "objectCode", "pointId", "key", "oldValue")
    } == {
        "source": "state_change",
        "objectUuid": meter.id,
        "objectCode": "M-1",
        "pointId": "P1",
        "key": "v",
        "oldValue": 3,
    }
    assert data["newValue"] == 7
    assert datetime.fromisoformat(data["changedAt"]).tzinfo is not None


async def test_only_what_is_watched_starts_runs(world):
    meter, other = [await world.make.iot_object(metadata_=points({"a": 1}, {"a": 1})) for _ in range(2)]
    workflow, triggers = await watching(world, f"objects.{meter.id}.points.P2.a", "objects.*.values.P1.b")

    await set_values(world, meter.id, {"a": 2}, {"a": 2})
    await set_values(world, other.id, {"a": 2, "b": 1}, {"a": 2})
    await triggers.look()

    fired = [(d["objectUuid"], d["pointId"], d["key"]) for d in await world.data(workflow)]
    assert fired == [(meter.id, "P2", "a"), (other.id, "P1", "b")]


async def test_a_point_with_id_and_code_is_found_by_either(world):
    by_code, _ = await watching(world, "objects.*.points.E_1001.v")
    by_id, triggers = await watching(world, "objects.*.points.7.v")

    await world.make.iot_object(metadata_={"points": [{"id": 7, "code": "E_1001", "values": {"v": 1}}]})
    await triggers.look()

    assert [(d["pointId"], d["pointCode"]) for d in await world.data(by_code)] == [("7", "E_1001")]
    assert len(await world.runs(by_id)) == 1


async def test_one_trigger_fires_once_a_value_however_many_paths_fit(world):
    workflow, triggers = await watching(world, ANY, "objects.*.points.P1.*", "objects.*.points.*.v")

    await world.make.iot_object(metadata_=points(v=1))
    await triggers.look()

    assert len(await world.runs(workflow)) == 1


async def test_a_state_that_lasts_fires_once_until_it_has_ended(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, triggers = await watching(world, condition="trigger.newValue > 5", **{"for": "10m"})

    await set_values(world, meter.id, v=7)
    await triggers.look()
    world.clock.ahead = 9 * MINUTES
    await triggers.look()
    assert await world.runs() == []
    await set_values(world, meter.id, v=8)  # goes on
    await triggers.look()
    world.clock.ahead = 11 * MINUTES
    await triggers.look()
    await triggers.look()

    (data,) = await world.data(workflow)
    assert (data["newValue"], data["source"]) == (8, "state_change")
    assert datetime.fromisoformat(data["since"]) < datetime.fromisoformat(data["changedAt"])

    await set_values(world, meter.id, v=9)
    await triggers.look()
    world.clock.ahead = 60 * MINUTES
    await triggers.look()
    assert len(await world.runs()) == 1

    world.clock.ahead = timedelta()
    await set_values(world, meter.id, v=2)
    await set_values(world, meter.id, v=9)
    await triggers.look()
    assert len(await world.runs()) == 1
    world.clock.ahead = 11 * MINUTES
    await triggers.look()
    assert len(await world.runs()) == 2


@pytest.mark.parametrize("end", ["low", "removed", "deleted"])
async def test_a_state_that_ends_in_time_fires_nothing(world, end):
    meter = await world.make.iot_object(metadata_=points(v=1))
    _, triggers = await watching(world, condition="trigger.newValue > 5", forMs=600_000)
    await set_values(world, meter.id, v=7)
    await triggers.look()

    if end == "low":
        await set_values(world, meter.id, v=3)
    elif end == "removed":
        await set_values(world, meter.id, other=3)
    else:
        await world.execute("DELETE FROM objects")
    await triggers.look()
    world.clock.ahead = 11 * MINUTES
    await triggers.look()

    assert await world.runs() == []
    assert await world.execute("SELECT 1 FROM workflow_holds") == []


async def test_each_value_lasts_by_itself(world):
    one, other = [await world.make.iot_object(metadata_=points(v=1)) for _ in range(2)]
    workflow, triggers = await watching(world, condition="trigger.newValue > 5", **{"for": "10m"})
    await set_values(world, one.id, v=7)
    await set_values(world, other.id, v=7)
    await triggers.look()
    await set_values(world, one.id, v=1)
    world.clock.ahead = 11 * MINUTES
    await triggers.look()

    assert [data["objectUuid"] for data in await world.data(workflow)] == [other.id]


async def test_without_a_condition_each_change_begins_the_wait_anew(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, triggers = await watching(world, **{"for": "10m"})
    await set_values(world, meter.id, v=2)
    await triggers.look()
    await age_holds(world, 8)
    await set_values(world, meter.id, v=3)
    await triggers.look()
    world.clock.ahead = 5 * MINUTES
    await triggers.look()
    assert await world.runs() == []

    world.clock.ahead = 11 * MINUTES
    await triggers.look()
    await triggers.look()
    assert [data["newValue"] for data in await world.data(workflow)] == [3]

    world.clock.ahead = timedelta()
    await set_values(world, meter.id, v=4)
    await triggers.look()
    world.clock.ahead = 11 * MINUTES
    await triggers.look()
    assert [data["newValue"] for data in await world.data(workflow)] == [3, 4]


async def age_holds(world, minutes):
    """As if what is held had begun earlier."""
    await world.execute(
        "UPDATE workflow_holds SET since = since - make_interval(mins => %s),"
        " due_at = due_at - make_interval(mins => %s)",
        minutes, minutes,
    )  # fmt: skip


async def test_a_restart_in_the_middle_of_the_wait(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, triggers = await watching(world, condition="trigger.newValue > 5", **{"for": "10m"})
    await set_values(world, meter.id, v=7)
    await triggers.look()
    await world.execute("UPDATE workflows SET name = 'another', dsl = jsonb_set(dsl, '{tags}', '[]')")

    world.clock.ahead = 11 * MINUTES
    await world.triggers().look()

    assert len(await world.runs(workflow)) == 1
    assert [run.version for run in await world.runs()] == [2]


async def test_what_ended_while_no_server_ran_has_ended(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    _, triggers = await watching(world, condition="trigger.newValue > 5", **{"for": "10m"})
    await set_values(world, meter.id, v=7)
    await triggers.look()
    await set_values(world, meter.id, v=1)  # nobody reads it

    world.clock.ahead = 60 * MINUTES
    await world.triggers().look()

    assert await world.runs() == []


async def test_what_had_lasted_before_it_ended_while_no_server_ran_fires(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, triggers = await watching(world, condition="trigger.newValue > 5", **{"for": "10m"})
    await set_values(world, meter.id, v=7)
    await triggers.look()
    await age_holds(world, 15)
    await set_values(world, meter.id, v=1)

    await world.triggers().look()
    await world.triggers().look()

    assert [data["newValue"] for data in await world.data(workflow)] == [7]


async def test_a_condition_that_asks_for_the_time_is_asked_again_when_the_wait_is_over(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    await world.make.platform_config(timezone="UTC")
    limit = datetime.now(UTC) + 5 * MINUTES
    condition = f"now('YYYY-MM-DD HH:mm:ss') < '{limit:%Y-%m-%d %H:%M:%S}'"
    workflow, triggers = await watching(world, condition=condition, **{"for": "10m"})
    other, _ = await watching(world, condition=condition, **{"for": "1m"})
    await triggers.look()

    await set_values(world, meter.id, v=7)
    await triggers.look()
    world.clock.ahead = 11 * MINUTES
    await triggers.look()

    assert await world.runs(workflow) == []
    assert len(await world.runs(other)) == 1


async def test_several_processes_fire_a_lasting_state_once(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, triggers = await watching(world, **{"for": "10m"})
    await set_values(world, meter.id, v=7)
    await triggers.look()
    world.clock.ahead = 11 * MINUTES

    await asyncio.gather(*(world.triggers().look() for _ in range(3)))

    assert len(await world.runs(workflow)) == 1


async def test_a_disabled_workflow_forgets_what_it_waits_for(world):
    meter = await world.make.iot_object(metadata_=points(v=1))
    _, triggers = await watching(world, **{"for": "10m"})
    await set_values(world, meter.id, v=7)
    await triggers.look()

    await world.execute("UPDATE workflows SET enabled = false")
    world.clock.ahead = 11 * MINUTES
    await triggers.reader.turn()
    await triggers.look()

    assert await world.runs() == []
    assert await world.execute("SELECT 1 FROM workflow_holds") == []


async def test_it_fires_by_itself_when_the_wait_is_over(world):
    world.clock = None
    meter = await world.make.iot_object(metadata_=points(v=1))
    workflow, _ = await watching(world, **{"for": "500ms"})
    triggers = world.triggers()
    triggers.start()
    await set_values(world, meter.id, v=7)
    async with asyncio.timeout(30):
        while not await world.runs(workflow):
            await asyncio.sleep(0.02)
    await triggers.stop()

    (data,) = await world.data(workflow)
    assert data["newValue"] == 7
