"""Alerts that workflows raise and resolve."""

import asyncio
from uuid import uuid4

import pytest


async def alerts(nodes, **where):
    found = await nodes.run("database", table="alerts", where=where)
    return found["rows"]


async def test_an_alert_is_raised(nodes):
    result = await nodes.run("alert", device=" AHU 1 ", level="HIGH", message="Frost\n")

    (alert,) = await alerts(nodes)
    assert result == {"alertId": alert["id"], "raised": True}
    assert (alert["device"], alert["level"], alert["message"], alert["status"]) == (
        *("AHU 1", "high", "Frost", "pending"),
    )


async def test_a_level_that_is_not_given_is_medium(nodes):
    await nodes.run("alert", device="d", message="m")

    assert [alert["level"] for alert in await alerts(nodes)] == ["medium"]


@pytest.mark.parametrize(("device", "message"), [("AHU 1", "Frost"), (" AHU 1", "Frost \n")])
async def test_unless_open_raises_one_until_it_is_resolved(device, message, nodes):
    config = {"device": device, "message": message, "unlessOpen": True}
    first = await nodes.run("alert", **config)
    second = await nodes.run("alert", **config)
    other = await nodes.run("alert", **{**config, "message": "Fire"})
    resolved = await nodes.run("alert", action="resolve", alertId=first["alertId"])
    third = await nodes.run("alert", **config)

    assert second == {"alertId": first["alertId"], "raised": False}
    assert other["raised"] is True
    assert resolved == {"resolved": 1}
    assert third["raised"] is True
    assert third["alertId"] != first["alertId"]


async def test_of_many_at_once_that_raise_unless_open_one_does(nodes):
    results = await asyncio.gather(
        *(nodes.run("alert", device="d", message="m", unlessOpen=True) for _ in range(4))
    )

    assert sorted(result["raised"] for result in results) == [False, False, False, True]
    assert len({result["alertId"] for result in results}) == 1


async def test_the_open_ones_of_a_device_are_resolved_by_whoever_started_the_run(nodes, make, as_user):
    user = await make.user()
    for status in ("pending", "acknowledged", "resolved"):
        await make.alert(device="Water main", status=status)
    await make.alert(device="Other", status="pending")
    as_user(user.id)

    assert await nodes.run("alert", action="resolve", device="Water main ") == {"resolved": 2}
    assert len(await alerts(nodes, resolvedBy=user.id)) == 2
    assert [alert["device"] for alert in await alerts(nodes, status="pending")] == ["Other"]


async def test_an_alert_is_named_by_either_id(nodes, make):
    one, two = await make.alert(), await make.alert()

    assert await nodes.run("alert", action="resolve", alertId=one.id) == {"resolved": 1}
    assert await nodes.run("alert", action="resolve", alertId=f"alert_{two.id}") == {"resolved": 1}
    assert await nodes.run("alert", action="resolve", alertId=str(uuid4())) == {"resolved": 0}


@pytest.mark.parametrize(
    "config",
    [
        {"device": "d", "message": "m", "level": "urgent"},
        {"device": "", "message": "m"},
        {"device": "d", "message": " "},
        {"device": "d" * 256, "message": "m"},
        {"device": "d\x00", "message": "m"},
        {"device": "d", "message": "m" * 10_001},
        {"device": "d", "message": "\ud800"},
        {"action": "resolve"},
        {"action": "resolve", "alertId": "1' OR '1'='1"},
        {"action": "resolve", "alertId": "user_00000000-0000-4000-8000-000000000001"},
    ],
)
async def test_what_is_no_alert_is_refused_in_words(config, nodes, make):
    await make.alert(device="")

    failure = await nodes.failure("alert", **config)

    assert str(failure).endswith(".")
    assert [alert["status"] for alert in await alerts(nodes)] == ["pending"]


async def test_a_dry_run_raises_and_resolves_nothing(nodes, make):
    known = await make.alert(device="d", message="m", status="pending")

    raising = await nodes.preview("alert", device="d", message="new", level="low")
    again = await nodes.preview("alert", device="d", message="m", unlessOpen=True)
    resolving = await nodes.preview("alert", action="resolve", device="d")
    nothing = await nodes.preview("alert", action="resolve", device="other")

    assert raising.result["raised"] is True
    assert raising.effect == {"action": "raise", "device": "d", "level": "low", "message": "new"}
    assert (again.result, again.effect) == ({"alertId": known.id, "raised": False}, None)
    assert (resolving.result, resolving.effect["count"]) == ({"resolved": 1}, 1)
    assert nothing.effect is None
    assert [alert["status"] for alert in await alerts(nodes)] == ["pending"]
