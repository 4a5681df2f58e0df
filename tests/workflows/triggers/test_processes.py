"""Several processes that start workflows at the same time, and come and go."""

import asyncio

from psycopg.types.json import Jsonb

ALERTS, VALUES = 60, 40


async def test_processes_that_come_and_go_start_each_run_once(world):
    world.clock = None
    raised = await world.workflow("event", event="alert.added")
    changed = await world.workflow("state_change", watch=["objects.*.points.P.v"])
    lasting = await world.workflow("state_change", watch=["objects.*.points.P.v"], **{"for": "300ms"})
    ticking = await world.workflow("schedule", cron="* * * * * *", timezone="UTC")
    meter = await world.make.iot_object()
    await world.triggers().look()

    async def come_and_go():
        while True:
            triggers = world.triggers()
            triggers.start()
            try:
                await asyncio.sleep(0.7)
            finally:
                await triggers.stop()

    processes = [asyncio.create_task(come_and_go()) for _ in range(2)]
    for number in range(max(ALERTS, VALUES)):
        if number < ALERTS:
            await world.make.alert(device=f"D{number}")
        if number < VALUES:
            held = {"points": [{"id": "P", "values": {"v": number}}]}
            await world.execute("UPDATE objects SET metadata = %s WHERE id = %s", Jsonb(held), meter.id)
        await asyncio.sleep(0.01)
    async with asyncio.timeout(60):
        while not (
            len(await world.runs(raised)) >= ALERTS
            and len(await world.runs(changed)) >= VALUES
            and await lasted(world, lasting)
            and len(await world.runs(ticking)) >= 2
        ):
            await asyncio.sleep(0.05)
    for process in processes:
        process.cancel()
    await asyncio.gather(*processes, return_exceptions=True)

    assert [data["device"] for data in await world.data(raised)] == [f"D{n}" for n in range(ALERTS)]
    assert [data["newValue"] for data in await world.data(changed)] == list(range(VALUES))
    ticks = [data["scheduledAt"] for data in await world.data(ticking)]
    assert len(set(ticks)) == len(ticks)


async def lasted(world, workflow):
    """Whether the last value has started a run, which no other follows."""
    values = [data["newValue"] for data in await world.data(workflow)]
    assert len(set(values)) == len(values)
    return values[-1:] == [VALUES - 1]
