"""Points that workflows read and write through the gateway."""

import asyncio
import base64
import json
import time
from datetime import UTC, datetime

import pytest

from ecoctrl_gql.iot import gateway as gateway_module
from ecoctrl_gql.workflows.nodes.tools import Tools
from tests.auth.mailbox import unused_port
from tests.fakes.iot_gateway import APP_ID, fake_gateway

NOT_CONFIGURED = "No IoT gateway is configured: set BASE_URL and APP_ID."


@pytest.fixture
def gateway(nodes):
    with fake_gateway() as fake:
        fake.points |= {"C_1_AV_0001": 21.5, "C_1_BV_0002": True, "C_1_AV_0003": "7"}
        nodes.set(base_url=fake.url + "/", app_id=APP_ID)
        # one client, as a process has
        nodes.replaced["gateway"] = Tools.of(nodes.settings, nodes.db).gateway
        yield fake


def asked(fake, operation):
    return [body for name, body in fake.asked if name == operation]


async def test_values_come_as_the_gateway_tells_them_and_by_point(nodes, gateway):
    result = await nodes.run("point_read", pointNames=["C_1_AV_0001", "C_1_BV_0002", "nowhere"])

    assert result["code"] == 200
    assert [point["pointId"] for point in result["ResultPointObjArr"]] == ["C_1_AV_0001", "C_1_BV_0002"]
    assert result["values"] == {"C_1_AV_0001": 21.5, "C_1_BV_0002": True}
    assert asked(gateway, "getCodesVal") == [{"codes": ["C_1_AV_0001", "C_1_BV_0002", "nowhere"]}]


async def test_the_shorter_form_of_answers_and_of_configs(nodes, gateway):
    gateway.flat = True
    gateway.points["C_1_AV_0003"] = {"value": "7"}

    result = await nodes.run("point_read", pointName="C_1_AV_0001, C_1_AV_0003")

    assert result["values"] == {"C_1_AV_0001": 21.5, "C_1_AV_0003": "7"}


async def test_the_past_is_given_verbatim(nodes, gateway):
    gateway.history["C_1_AV_0001"] = [1, 2]

    result = await nodes.run(
        "point_read",
        pointNames=["C_1_AV_0001"],
        mode="history",
        beginTime="2026-11-28 01:00:00",
        endTime="2026-11-28 03:00:00",
        interval=15,
    )

    assert result == {
        "code": 200,
        "ResultPointObjArr": [{"pointId": "C_1_AV_0001", "data": [{"value": 1}, {"value": 2}]}],
    }
    assert asked(gateway, "getCodesHisVal") == [
        {
            "codes": ["C_1_AV_0001"],
            "starttime": "2026-11-28 01:00:00",
            "endtime": "2026-11-28 03:00:00",
            "interval": 15,
        }
    ]


@pytest.mark.parametrize(("force", "forced"), [(None, False), (False, False), (True, True)])
@pytest.mark.parametrize("value", [8.5, 0, False, "on"])
async def test_a_point_is_written(value, force, forced, nodes, gateway):
    config = {"pointName": "C_1_AV_0001", "value": value, **({} if force is None else {"force": force})}

    assert await nodes.run("point_write", **config) == {"updated": True}
    assert gateway.written == [("C_1_AV_0001", value, forced)]


async def test_one_token_serves_many_calls_and_processes(nodes, gateway):
    await asyncio.gather(*(nodes.run("point_read", pointNames=["C_1_AV_0001"]) for _ in range(6)))
    nodes.replaced["gateway"] = Tools.of(nodes.settings, nodes.db).gateway  # as another process has
    await nodes.run("point_read", pointNames=["C_1_AV_0001"])

    row = await nodes.db.repositories().iot_tokens.only(gateway_module.TOKEN_COLUMNS)
    assert gateway.tokens == 1
    assert (row.access_token, row.refresh_token) == ("token-1", "refresh-1")
    assert 7100 < row.expires_at / 1000 - time.time() < 7300


def jwt(expires: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.x"


@pytest.mark.parametrize(
    ("token", "expected_s"),
    [
        (jwt(1_900_000_000), 1_900_000_000),
        (jwt(1_900_000_000.5), 1_900_000_000.5),
        (jwt(5), None),
        (jwt("x"), None),
        (jwt(None), None),
        (jwt(1e300), None),
        (jwt([]), None),
        ("plain", None),
        ("a.!!!.c", None),
        ("a.b", None),
        ("ä.ö.ü", None),
    ],
)
def test_when_a_token_expires(token, expected_s):
    expected = datetime.now(UTC).timestamp() + 7200 if expected_s is None else expected_s

    assert gateway_module._expiry(token) / 1000 == pytest.approx(expected, abs=5)


async def test_a_token_is_refreshed_before_it_expires(nodes, gateway, make):
    gateway.tokens = 4
    await nodes.db.repositories().iot_tokens.put(
        access_token="token-4", refresh_token="refresh-4", expires_at=int((time.time() + 30) * 1000)
    )

    await asyncio.gather(*(nodes.run("point_read", pointNames=["C_1_AV_0001"]) for _ in range(3)))

    assert (gateway.refreshes, gateway.tokens) == (1, 5)


async def test_where_refreshing_fails_a_token_is_acquired(nodes, gateway):
    await nodes.db.repositories().iot_tokens.put(access_token="old", refresh_token="unknown", expires_at=0)

    await nodes.run("point_read", pointNames=["C_1_AV_0001"])

    ways = [query["grant_type"] for query in asked(gateway, "access_token")]
    assert ways == ["refresh", "authorization"]


async def test_a_token_that_the_gateway_forgot_is_got_anew_once(nodes, gateway):
    await nodes.run("point_read", pointNames=["C_1_AV_0001"])
    gateway.asked.clear()
    gateway.expired = 1

    assert (await nodes.run("point_read", pointNames=["C_1_AV_0001"]))["values"] == {"C_1_AV_0001": 21.5}
    assert len(asked(gateway, "getCodesVal")) == 2


async def test_a_gateway_that_always_says_expired_is_asked_twice(nodes, gateway):
    gateway.expired = 1000

    failure = await nodes.failure("point_write", pointName="C_1_AV_0001", value=1)

    assert "token expired" in str(failure)
    assert len(asked(gateway, "setCodesVal")) == 2
    assert gateway.written == []


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("busy", "The IoT gateway refused: the bus is busy"),
        ("text", "The IoT gateway answered without JSON."),
        ("huge", "The IoT gateway answered with too much."),
    ],
)
async def test_failures_are_told_in_words(fails, said, nodes, gateway):
    gateway.fails = fails

    assert str(await nodes.failure("point_read", pointNames=["C_1_AV_0001"])) == said


async def test_no_token_is_in_a_message(nodes, gateway, monkeypatch):
    await nodes.run("point_read", pointNames=["C_1_AV_0001"])
    monkeypatch.setattr(gateway, "answer", lambda *_: {"code": 500, "msg": "bad token token-1 of app-1"})

    failure = await nodes.failure("point_read", pointNames=["C_1_AV_0001"])

    assert "bad token" in str(failure)
    assert "token-1" not in str(failure)


async def test_a_slow_gateway_is_given_up(nodes, monkeypatch):
    async def silent(reader, writer):
        await reader.read(10)
        await asyncio.sleep(5)
        writer.close()

    monkeypatch.setattr(gateway_module, "TIMEOUT_S", 0.3)
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        nodes.set(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", app_id=APP_ID)
        began = time.monotonic()
        failure = await nodes.failure("point_read", pointNames=["a"])
        took = time.monotonic() - began

    assert str(failure) == "The IoT gateway did not answer within 0.3 seconds."
    assert took < 3


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:{port}", "ftp://x", "http://[", "not a url"])
async def test_where_there_is_no_gateway(base_url, nodes):
    nodes.set(base_url=base_url.format(port=unused_port()), app_id=APP_ID)

    assert str(await nodes.failure("point_read", pointNames=["a"])) == "The IoT gateway can't be reached."


async def test_a_wrong_app_is_told(nodes, gateway):
    nodes.set(app_id="other")
    nodes.replaced.clear()

    failure = await nodes.failure("point_read", pointNames=["a"])

    assert str(failure) == "The IoT gateway gives no token: see that BASE_URL and APP_ID are right."


@pytest.mark.parametrize("missing", ["base_url", "app_id"])
async def test_what_is_not_configured_is_told(missing, nodes, gateway):
    nodes.set(**{missing: None})
    nodes.replaced.clear()

    assert str(await nodes.failure("point_read", pointNames=["a"])) == NOT_CONFIGURED
    assert str(await nodes.failure("point_write", pointName="a", value=1)) == NOT_CONFIGURED


@pytest.mark.parametrize(
    "config", [{}, {"pointNames": []}, {"pointNames": ["x"] * 1001}, {"pointNames": ["\ud800"]}]
)
async def test_points_must_be_named(config, nodes, gateway):
    await nodes.failure("point_read", **config)

    assert asked(gateway, "getCodesVal") == []


async def test_dry_runs_do_not_ask_the_gateway(nodes, gateway):
    reading = await nodes.preview("point_read", pointNames=["C_1_AV_0001"])
    writing = await nodes.preview("point_write", pointName="C_1_AV_0001", value=3, force=True)

    assert gateway.asked == []
    assert (reading.effect, reading.result["values"]) == (None, {"C_1_AV_0001": None})
    assert writing.effect == {"pointName": "C_1_AV_0001", "value": 3, "force": True}
    assert writing.result == {"updated": True}
