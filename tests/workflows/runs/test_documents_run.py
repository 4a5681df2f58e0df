"""The documents that are kept as files, run from end to end against real HTTP, SMTP and PostgreSQL."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.responses import Response

from tests.auth.mailbox import Mailbox, mail_server
from tests.fakes.iot_gateway import APP_ID, FakeGateway, fake_gateway
from tests.fakes.web import FakeWeb, fake_web
from tests.workflows.dsl.building import documents


@dataclass
class World:
    """What lies outside of the server."""

    web: FakeWeb
    gateway: FakeGateway
    mail: Mailbox


@pytest.fixture
def world() -> Iterator[World]:
    with fake_web() as web, fake_gateway() as gateway, mail_server() as mail:
        yield World(web, gateway, mail)


@pytest.fixture
def outside(world) -> dict[str, Any]:
    return {
        "base_url": world.gateway.url,
        "app_id": APP_ID,
        "workflow_http_allow": ("127.0.0.1",),
        "mail_from": "platform@example.org",
    }


@pytest.fixture
async def play(runner, worker, world, db):
    """Runs a document by its name, its addresses leading to the services here and its waits shortened."""
    await db.repositories().platform_configs.put(smtp_host="127.0.0.1", smtp_port=world.mail.port)

    async def run(name: str, **data: Any) -> dict[str, Any]:
        text = json.dumps(documents()[name])
        text = re.sub(r"https://([a-z.]+)", rf"{world.web.url}/\1", text)
        text = re.sub(r'"(durationMs|retryDelayMs)": \d+', r'"\1": 5', text)
        document = json.loads(text)
        return await runner.run(document.get("dsl", document), data)

    return run


async def alerts(db) -> list[tuple[str, str, str, str]]:
    async with db.connection() as connection:
        rows = await connection.execute("SELECT device, level, message, status FROM alerts ORDER BY time, id")
        return [tuple(row) for row in await rows.fetchall()]


def path_of(run: dict[str, Any]) -> list[str]:
    return [log["path"] for log in run["nodeLogs"]]


async def test_a_schedule_fetches_branches_and_mails(play, world):
    world.web.answers["meters.example.org"] = {"kwh": 620}

    run = await play("schedule-fetch-branch-mail")

    assert (run["status"], run["output"]) == ("COMPLETED", {"kwh": 620})
    assert path_of(run) == ["begin", "fetch", "high", "mail", "finish"]
    letter = world.mail.messages[0]
    assert (letter["To"], letter["Subject"]) == ("ops@example.org", "High load 620 kWh")
    assert letter["From"] == "platform@example.org"


async def test_below_the_limit_nobody_is_mailed(play, world):
    world.web.answers["meters.example.org"] = {"kwh": 499}

    run = await play("schedule-fetch-branch-mail")

    assert (run["status"], path_of(run)) == ("COMPLETED", ["begin", "fetch", "high", "finish"])
    assert world.mail.messages == []


@pytest.mark.parametrize(
    ("data", "output", "path"),
    [
        ({"severity": "critical"}, {"priority": "high"}, ["in", "route", "setHi", "out"]),
        ({"severity": "minor", "device": "P1"}, {"priority": "low"}, ["in", "route", "setLo", "out"]),
        ({"severity": "none"}, {"priority": ""}, ["in", "route", "out"]),
    ],
)
async def test_a_switch_goes_by_severity(play, data, output, path):
    run = await play("signed-webhook-switch", **data)

    assert (run["status"], run["output"], path_of(run)) == ("COMPLETED", output, path)


async def test_points_are_read_and_told_one_by_one(play, world, gql):
    world.gateway.points = {"C_5001_AV_0001": 7.5, "C_5001_AV_0002": 12}

    run = await play("trigger-node-point-loop")

    assert run["status"] == "COMPLETED"
    assert path_of(run) == [
        "tick", "read", "each",
        "each/0/b1", "each/0/b2", "each/0/b3",
        "each/1/b1", "each/1/b2", "each/1/b3",
        "done",
    ]  # fmt: skip
    told = await gql("{ messages { nodes { type payload } } }")
    assert told.data["messages"]["nodes"] == [{"type": "device_update", "payload": {}}] * 2


async def test_a_meter_over_its_target_raises_an_alert_and_mails(play, world, db):
    world.gateway.points = {"E_1001_AI_0001": 912.5}

    run = await play("meter-over-target-ten-minutes", newValue="912.5")

    assert (run["status"], run["output"]) == ("COMPLETED", {"kw": 912.5})
    message = "The load is 912.5 kW for ten minutes, 800 kW are agreed."
    assert await alerts(db) == [("Main meter", "high", message, "pending")]
    assert world.gateway.written == [("C_5001_AV_0001", 8.5, False)]
    assert world.mail.messages[0]["Subject"] == "Load above target"
    assert [log["status"] for log in run["nodeLogs"] if log["nodeId"] == "wait"] == ["completed"]


async def test_a_battery_follows_the_price_and_the_token_stays_secret(play, world, db):
    world.web.answers["prices.example.org"] = {"ct": 35.5}

    run = await play("battery-by-price")

    assert (run["status"], run["output"]) == ("COMPLETED", {"kw": -200})
    assert world.web.of("prices.example.org")[0].headers["authorization"] == "Bearer secret-token"
    assert world.gateway.written == [("B_4001_AV_0001", -200, False)]
    assert await alerts(db) == [("Battery", "low", "-200 kW at 35.5 ct", "pending")]
    assert "secret-token" not in json.dumps(run)


@pytest.mark.parametrize(("co2", "percent"), [("1500", 100), ("1100.5", 70), ("800", 40), ("500", 20)])
async def test_ventilation_follows_co2(play, world, co2, percent):
    run = await play("co2-ventilation", newValue=co2, pointId="R_0401")

    assert (run["status"], run["output"]) == ("COMPLETED", {"percent": percent})
    assert world.gateway.written == [("R_0401_AO", percent, False)]


async def test_filters_that_are_due_get_a_reminder(play, world, make):
    for code in ("A_2001", "A_2002"):
        await make.iot_object(code=code, type="ahu")
    world.gateway.points = {"A_2001_AI_0009": 2200}

    run = await play("filter-change-reminders")

    assert (run["status"], run["output"]) == ("COMPLETED", {"checked": 2})
    failed = [log["path"] for log in run["nodeLogs"] if log["status"] == "failed"]
    assert failed == []


async def test_fire_stops_the_ventilation_and_tells_the_operators(play, world, db):
    run = await play("fire-panel-webhook", kind="fire", zone="4", detector="17")

    assert (run["status"], run["output"]) == ("COMPLETED", {"kind": "fire"})
    assert ("A_2001_BO_0001", False, True) in world.gateway.written
    message = "Fire alarm in zone 4, detector 17."
    assert await alerts(db) == [("4", "high", message, "pending")]
    told = [log["output"] for log in run["nodeLogs"] if log["nodeId"] == "tell"]
    assert told == [{"count": 1}]


async def test_frost_acts_and_a_blind_sensor_is_told(play, world, db):
    world.gateway.points = {"A_0100_AI_0001": -3, "A_2001_AI_0004": 4}
    run = await play("freeze-protection")
    assert (run["status"], run["output"]) == ("COMPLETED", {"protected": True})
    assert ("A_2001_AO_0002", 100, False) in world.gateway.written

    world.gateway.fails = "busy"
    run = await play("freeze-protection")
    assert run["status"] == "COMPLETED"
    assert [alert[2] for alert in await alerts(db)] == [
        "Frost protection is active at 4 °C.",
        "The frost sensors can't be read.",
    ]


async def test_a_failure_leads_to_the_next_source(play, world):
    world.web.answers["two.example.org"] = {"tariff": 0.41}
    world.web.answers["one.example.org"] = Response(status_code=307, headers={"location": "http://10.0.0.1/"})

    run = await play("goto-on-failure")

    assert (run["status"], run["output"]) == ("COMPLETED", {"tariff": 0.41})
    errors = {log["nodeId"]: log["error"] for log in run["nodeLogs"] if log["error"]}
    assert errors == {
        "primary": "10.0.0.1 is not public; workflows reach it only where WORKFLOW_HTTP_ALLOW names it."
    }


async def test_a_leak_is_found_in_the_past_of_a_meter(play, world, db):
    world.gateway.history = {"W_7001_AI_0001": [5, 6.5, 4]}

    run = await play("leak-detection")

    assert (run["status"], run["output"]) == ("COMPLETED", {"litres": 15.5})
    assert world.gateway.written == [("W_7001_BO_0001", False, False)]
    assert [alert[2] for alert in await alerts(db)] == ["15.5 l ran off between one and three."]


async def test_lights_go_on_by_hand(play, world):
    run = await play("lighting-schedule", on=True)

    assert (run["status"], run["output"]) == ("COMPLETED", {"light": True})
    circuits = ["L_0401_BV_0001", "L_0401_BV_0002", "L_0402_BV_0001"]
    assert world.gateway.written == [(circuit, True, False) for circuit in circuits]


async def test_a_loop_goes_over_the_objects_of_a_type(play, world, make):
    for code in ("M_1", "M_2"):
        await make.iot_object(code=code, type="meter")
    world.gateway.points = {"M_1": 1, "M_2": 2}

    run = await play("loop-over-objects", type="meter")

    assert (run["status"], run["output"]["meters"]) == ("COMPLETED", 2)
    assert len(run["output"]["results"]) == 2


async def test_the_night_report_is_mailed_as_html(play, world, make):
    area = await make.energy_area()
    await make.energy_reading(area_id=area.id)

    run = await play("nightly-energy-report")

    assert (run["status"], run["output"]) == ("COMPLETED", {"count": 1})
    letter = world.mail.messages[0]
    assert letter["To"] == "manager@example.org, energy@example.org"
    assert "<p>1 readings.</p>" in letter.get_body(("html",)).get_content()


async def test_branches_read_at_the_same_time(play, world):
    world.gateway.points = {"C_5001_AI_0001": 7}

    run = await play("parallel-reads")

    assert run["status"] == "COMPLETED"
    assert run["output"]["first"] == 7


async def test_a_peak_is_shaved_in_steps(play, world, db):
    world.gateway.points = {"E_1000_AI_0001": 2700}

    run = await play("peak-shaving-steps")

    assert (run["status"], run["output"]) == ("COMPLETED", {"step": "2600", "kw": 2700})
    assert world.gateway.written == [("V_3001_AV_0001", 50, False)]


async def test_surplus_goes_into_the_battery(play, world):
    world.gateway.points = {"P_6001_AI_0001": 90, "E_1000_AI_0001": 50}

    run = await play("pv-surplus")

    assert run["status"] == "COMPLETED"
    assert world.gateway.written == [("B_4001_AV_0001", run["output"]["surplusKw"], False)]


async def test_the_weather_is_asked_again_until_it_answers(play, world):
    world.web.answers["weather.example.org"] = [
        Response(status_code=503),
        {"hourly": [{"temperature": 31.5}]},
    ]

    run = await play("retry-weather-api")

    assert (run["status"], run["output"]) == ("COMPLETED", {"highC": 31.5})
    attempts = [(log["attempt"], log["status"]) for log in run["nodeLogs"] if log["nodeId"] == "ask"]
    assert attempts == [(1, "failed"), (2, "completed")]
    keys = {asked.headers["idempotency-key"] for asked in world.web.of("weather.example.org")}
    assert len(keys) == 1


@pytest.mark.parametrize("level", ["high", "medium", "low"])
async def test_an_alert_is_told_by_its_level(play, world, make, level):
    await make.user(username="operator", role="operator")
    world.web.answers["duty.example.org"] = {"ok": True}

    run = await play("switch-by-alert-level", level=level, device="P1", message="stopped", status="pending")

    told = {"high": "high", "medium": "medium", "low": "default"}[level]
    assert (run["status"], run["output"]) == ("COMPLETED", {"told": told})
    calls = [asked.json for asked in world.web.of("duty.example.org")]
    assert calls == ([{"text": "P1: stopped"}] if level == "high" else [])
    assert [letter["Cc"] for letter in world.mail.messages] == (
        ["lead@example.org"] if level == "medium" else []
    )


async def test_a_job_is_polled_until_it_is_done(play, world):
    world.web.answers["jobs.example.org"] = [{"state": "busy"}, {"state": "busy"}, {"state": "done"}]

    run = await play("tariff-while-waiting", job="7")

    assert run["status"] == "COMPLETED"
    assert len(world.web.of("jobs.example.org")) == run["output"]["tries"]
