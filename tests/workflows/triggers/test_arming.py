"""That the triggers of a workflow stand ready once it is published, and no longer than it is enabled."""

import asyncio

from psycopg.types.json import Jsonb
from structlog.testing import capture_logs

from ecoctrl_gql.db.repositories.workflows import TAKE_UNARMED
from tests.workflows.dsl.building import document, node
from tests.workflows.triggers.conftest import started_by


async def test_the_triggers_of_a_new_workflow_are_armed_and_it_counts_as_unchanged(world):
    workflow = await world.workflow("schedule", cron="0 7 * * *", timezone="UTC")

    await world.triggers().look()

    (trigger,) = await world.armed(workflow)
    assert (trigger.path, trigger.type, trigger.node_id) == ("trigger", "schedule", "begin")
    assert trigger.next_at.hour == 7
    after = await world.db.repositories().workflows.get(workflow.id)
    assert (after.armed_version, after.updated_at) == (1, workflow.updated_at)


async def test_a_workflow_by_hand_needs_no_trigger(world):
    workflow = await world.workflow("manual")

    await world.triggers().look()

    assert await world.armed(workflow) == []
    assert (await world.db.repositories().workflows.get(workflow.id)).armed_version == 1


async def test_every_trigger_node_is_armed(world):
    dsl = document(
        node("clock", "cron-trigger", cron="*/5 * * * *"),
        node("hook", "webhook_trigger", secret="s"),
        node("seen", "event_trigger", event="alert.*"),
        node("done", "end"),
        edges="clock>done hook>done seen>done",
    )
    del dsl["trigger"]
    workflow = await world.workflow("", dsl=dsl)

    await world.triggers().look()

    assert [(one.path, one.type, one.node_id) for one in await world.armed(workflow)] == [
        ("nodes.clock", "schedule", "clock"),
        ("nodes.hook", "webhook", "hook"),
        ("nodes.seen", "event", "seen"),
    ]


async def test_what_plain_sql_changes_is_armed_as_well(world):
    triggers = world.triggers()
    workflow = await world.workflow("event", event="alert.added")
    await triggers.look()

    await world.execute("UPDATE workflows SET dsl = %s", Jsonb(started_by("event", event="fault.added")))
    await triggers.look()
    assert [one.config for one in await world.armed(workflow)] == [{"event": "fault.added"}]

    await world.execute("UPDATE workflows SET enabled = false")
    await triggers.look()
    assert await world.armed(workflow) == []

    await world.execute("UPDATE workflows SET enabled = true")
    await triggers.look()
    assert len(await world.armed(workflow)) == 1


async def test_a_trigger_that_stays_as_it_is_keeps_its_times(world):
    triggers = world.triggers()
    config = {"cron": "0 7 * * *", "timezone": "UTC"}
    workflow = await world.workflow("schedule", **config)
    await triggers.look()
    await world.execute("UPDATE workflow_triggers SET next_at = '2020-01-01', fired_at = '2019-12-31'")
    (before,) = await world.armed(workflow)

    dsl = started_by("schedule", **config)
    dsl["nodes"][0]["id"] = dsl["edges"][0]["source"] = "start"
    await world.execute("UPDATE workflows SET dsl = %s", Jsonb(dsl))
    await triggers.arming.look()

    (after,) = await world.armed(workflow)
    assert after.node_id == "start"
    assert (after.id, after.next_at, after.fired_at) == (before.id, before.next_at, before.fired_at)


async def test_what_cannot_run_is_armed_with_nothing_and_told_once(world):
    triggers = world.triggers()
    workflow = await world.workflow("webhook", secret="canary-secret")
    await triggers.look()

    broken = started_by("webhook", secret="canary-secret") | {"edges": [{"source": "begin", "target": "x"}]}
    await world.execute("UPDATE workflows SET dsl = %s", Jsonb(broken))
    with capture_logs() as logs:
        for _ in range(3):
            await triggers.look()

    assert await world.armed(workflow) == []
    assert (await world.db.repositories().workflows.get(workflow.id)).armed_version is None
    told = str(logs)
    assert told.count("can't be armed") == 1
    assert "canary-secret" not in told

    await world.execute("UPDATE workflows SET dsl = %s", Jsonb(started_by("webhook", secret="s")))
    await triggers.look()
    assert len(await world.armed(workflow)) == 1


async def test_what_is_known_not_to_run_is_not_taken_again(world, in_transactions):
    broken = started_by("webhook", secret="s") | {"edges": [{"source": "begin", "target": "x"}]}
    for _ in range(3):
        await world.workflow("webhook", secret="s")
    await world.execute("UPDATE workflows SET dsl = %s", Jsonb(broken))
    triggers = world.triggers()

    taken = []
    for _ in range(2):
        in_transactions.clear()
        await triggers.look()
        taken.append(in_transactions.count(TAKE_UNARMED.text))

    assert taken == [3, 0]


async def test_templates_are_filled_and_an_empty_secret_opens_nothing(world):
    own = {"envVars": [{"key": "KEY", "value": "s3cret", "type": "secret"}]}
    good = await world.workflow("", dsl=started_by("webhook", secret="{{secret.KEY}}") | own)
    bad = await world.workflow("", dsl=started_by("webhook", secret="{{secret.OTHER}}") | own)

    await world.triggers().look()

    assert [one.config["secret"] for one in await world.armed(good)] == ["s3cret"]
    assert await world.armed(bad) == []


async def test_several_processes_arm_each_workflow_once(world):
    workflows = [await world.workflow("event", event="alert.added") for _ in range(5)]
    one, other = world.triggers(), world.triggers()

    await asyncio.gather(one.look(), other.look())

    assert [len(await world.armed(workflow)) for workflow in workflows] == [1] * 5
