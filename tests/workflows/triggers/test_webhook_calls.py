"""Calls of webhooks over HTTP: who may start what, what a run is started with, and what strangers learn."""

import asyncio
import time

import httpx
import pytest

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.limits import Limit
from ecoctrl_gql.workflows.triggers import webhooks
from ecoctrl_gql.workflows.triggers.signatures import sign
from tests.workflows.dsl.building import document, node
from tests.workflows.triggers.conftest import started_by

SECRET = "canary-secret"
JSON = {"content-type": "application/json"}


@pytest.fixture
def app(db, settings):
    return create_app(settings, db)


@pytest.fixture
async def http(app):
    async with client_at(app, "192.0.2.10") as client:
        yield client


def client_at(app, address):
    transport = httpx.ASGITransport(app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def hook(world, *, dsl=None, slug="hook", **config):
    workflow = await world.workflow("webhook", dsl=dsl, values={"slug": slug}, **config)
    await world.triggers().arming.look()
    return workflow


def signed(body, secret=SECRET, *, timestamp=None, **headers):
    stamp = {} if timestamp is None else {"x-webhook-timestamp": timestamp}
    return {"x-webhook-signature": sign(secret, body, timestamp), **stamp, **headers}


async def call(http, body=b"{}", headers=None, slug="hook"):
    return await http.post(f"/api/webhook/{slug}", content=body, headers=headers)


async def test_a_signed_call_starts_a_run_with_its_body(world, http):
    workflow = await hook(world, secret=SECRET)
    body = b'{ "kind" : "fire", "clientIp": "forged", "source": "forged", "z": 1.50 }'

    response = await call(http, body, signed(body))

    (run,) = await world.runs(workflow)
    assert (response.status_code, response.json()) == (202, {"executionId": run.id})
    assert (run.status, run.trigger, run.version, run.start_node_id) == ("pending", "webhook", 1, "begin")
    assert run.trigger_data == {"kind": "fire", "z": 1.5, "clientIp": "192.0.2.10", "source": "webhook"}


@pytest.mark.parametrize(
    ("body", "data"),
    [(b"[1, 2]", {"body": [1, 2]}), (b'"on"', {"body": "on"}), (b"null", {"body": None}), (b"", {})],
)
async def test_a_body_that_is_no_object_stands_under_body(world, http, body, data):
    await hook(world, secret=SECRET)

    assert (await call(http, body, signed(body))).status_code == 202

    assert await world.data() == [data | {"clientIp": "192.0.2.10", "source": "webhook"}]


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a': 1}", b"\xff\xfe", b"NaN", b'{"a": "\\u0000"}', b"[" * 5000 + b"]" * 5000, b'"\\ud800"'],
)
async def test_what_is_no_json_is_refused_and_nothing_starts(world, http, body):
    await hook(world, secret=SECRET)

    response = await call(http, body, signed(body))

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await world.runs() == []


def answer_of(response):
    """All that a stranger sees, but for what differs between any two requests."""
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    return response.status_code, response.content, headers


async def test_strangers_learn_nothing(world, app, http, capsys):
    await hook(world, secret=SECRET)
    await hook(world, slug="near", secret=SECRET, allowedIps=["192.0.2.0/24"])
    await hook(world, slug="strict", secret=SECRET, requireTimestamp=True)
    await world.workflow("webhook", secret=SECRET, values={"slug": "off", "enabled": False})
    await world.workflow("manual", values={"slug": "manual"})
    await world.triggers().arming.look()
    body, now = b'{"a": 1}', str(int(time.time()))
    old = str(int(time.time()) - 400)
    good = signed(body)

    async with client_at(app, "198.51.100.7") as far:
        answers = [
            await call(http, body, good, slug="nobody"),
            await call(http, body, slug="nobody"),
            await call(http, body, good, slug="off"),
            await call(http, body, good, slug="manual"),
            await call(http, body, good, slug="x" * 500),
            await call(http, body, good, slug="%00"),
            await call(far, body, good, slug="near"),
            await call(http, body),
            await call(http, body, signed(b'{"a":1}')),
            await call(http, body, signed(body, "other")),
            await call(http, body, {"x-webhook-signature": "é".encode() * 64}),
            await call(http, body, signed(body, timestamp=old)),
            await call(http, body, good, slug="strict"),
            await call(http, body, signed(body, timestamp=old), slug="strict"),
            await call(http, body, good | {"x-webhook-timestamp": now}, slug="strict"),
            await call(http, b"no json", signed(b"no json", "other")),
        ]

    seen = [answer_of(response) for response in answers]
    assert seen == seen[:1] * len(seen)
    assert seen[0][0] == 404
    assert await world.runs() == []
    assert (await call(http, body, good, slug="near")).status_code == 202
    assert (await call(http, body, signed(body, timestamp=now), slug="strict")).status_code == 202
    told = capsys.readouterr()
    for secret in (SECRET, sign(SECRET, body), sign(SECRET, body, now)):
        assert secret not in told.out + told.err


async def test_without_a_secret_only_what_no_page_of_another_site_can_send(world, http):
    await hook(world)

    for media_type in (None, "text/plain", "application/x-www-form-urlencoded"):
        headers = {} if media_type is None else {"content-type": media_type}
        assert (await call(http, b"{}", headers)).status_code == 400
    assert await world.runs() == []
    assert (await call(http, b"{}", {"content-type": "application/json; charset=utf-8"})).status_code == 202


async def test_a_body_over_the_limit_is_refused_before_anything_is_looked_up(world, http):
    await hook(world, secret=SECRET)
    body = b'"' + b"x" * (webhooks.MAX_BODY_BYTES - 1) + b'"'

    async def chunks():
        for _ in range(300):
            yield b" " * 1000

    assert (await call(http, body, signed(body))).status_code == 413
    assert (await call(http, chunks())).status_code == 413
    assert (await call(http, body, slug="nobody")).status_code == 413
    fits = body[:-2] + b'"'
    assert (await call(http, fits, signed(fits))).status_code == 202


async def test_other_methods_are_refused(http):
    for method in ("GET", "PUT", "DELETE"):
        assert (await http.request(method, "/api/webhook/hook")).status_code == 405


async def test_a_repeated_call_gets_the_run_of_the_first(world, http):
    workflow = await hook(world, secret=SECRET)
    other = await hook(world, slug="other", secret=SECRET)
    headers = signed(b"{}", **{"idempotency-key": "k" * 255})

    first = await call(http, b"{}", headers)
    again = await call(http, b'{"a": 1}', signed(b'{"a": 1}', **{"idempotency-key": "k" * 255}))
    elsewhere = await call(http, b"{}", headers, slug="other")
    without = await call(http, b"{}", signed(b"{}"))

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert elsewhere.status_code == without.status_code == 202
    assert len(await world.runs(workflow)) == 2
    assert len(await world.runs(other)) == 1
    for key in ("", "k" * 256):
        refused = await call(http, b"{}", signed(b"{}", **{"idempotency-key": key}))
        assert refused.status_code == 400


@pytest.mark.parametrize("policy", ["allow", "skip", "replace", "queue"])
async def test_repetitions_at_the_same_time_start_one_run_and_stop_none(world, http, policy):
    dsl = started_by("webhook", secret=SECRET) | {"settings": {"concurrency": {"policy": policy}}}
    workflow = await hook(world, dsl=dsl)
    headers = signed(b"{}", **{"idempotency-key": "k"})

    answers = await asyncio.gather(*(call(http, b"{}", headers) for _ in range(8)))

    assert sorted(response.status_code for response in answers) == [200] * 7 + [202]
    assert len({response.json()["executionId"] for response in answers}) == 1
    assert len(await world.runs(workflow)) == 1
    assert (
        await world.execute("SELECT 1 FROM workflow_executions WHERE cancel_requested_at IS NOT NULL") == []
    )


async def test_a_workflow_that_lets_no_other_begin_says_so(world, http):
    dsl = started_by("webhook", secret=SECRET) | {"settings": {"concurrency": {"policy": "skip"}}}
    await hook(world, dsl=dsl)

    assert (await call(http, b"{}", signed(b"{}"))).status_code == 202
    skipped = await call(http, b"{}", signed(b"{}"))

    assert (skipped.status_code, skipped.json()) == (200, {"executionId": None})


async def test_of_several_webhooks_the_one_that_believes_the_call_begins(world, http):
    dsl = document(
        node("open", "webhook_trigger"),
        node("closed", "webhook_trigger", secret=SECRET),
        node("done", "end"),
        edges="open>done closed>done",
    )
    del dsl["trigger"]
    workflow = await hook(world, dsl=dsl)

    await call(http, b"{}", signed(b"{}") | JSON)
    await call(http, b"{}", JSON)

    assert [run.start_node_id for run in await world.runs(workflow)] == ["closed", "open"]


async def test_a_change_of_the_workflow_counts_at_once(world, http):
    await hook(world, secret=SECRET)
    assert (await call(http, b"{}", signed(b"{}"))).status_code == 202

    await world.execute("UPDATE workflows SET enabled = false")
    assert (await call(http, b"{}", signed(b"{}"))).status_code == 404
    await world.execute("UPDATE workflows SET enabled = true")
    assert (await call(http, b"{}", signed(b"{}"))).status_code == 202
    await world.execute("DELETE FROM workflows")
    assert (await call(http, b"{}", signed(b"{}"))).status_code == 404


async def test_a_flood_is_refused_without_a_statement_and_harms_no_other(world, app, http, db, monkeypatch):
    monkeypatch.setattr(webhooks, "CALLS_OF_CLIENT", Limit("calls", 5, 3600.0))
    await hook(world, secret=SECRET)

    flood = [await call(http, b"{}", slug=f"guess-{number}") for number in range(8)]
    db.statements.clear()
    more = [await call(http, b"{}", signed(b"{}")) for _ in range(20)]

    assert [response.status_code for response in flood] == [404] * 5 + [429] * 3
    assert [response.status_code for response in more] == [429] * 20
    assert all(1 <= int(response.headers["retry-after"]) <= 3600 for response in more)
    assert db.statements == []
    async with client_at(app, "198.51.100.7") as other:
        assert (await call(other, b"{}", signed(b"{}"))).status_code == 202


async def test_forged_calls_use_up_nothing_of_the_webhooks_own_limit(world, app, db, settings, monkeypatch):
    monkeypatch.setattr(webhooks, "CALLS_OF_WEBHOOK", Limit("calls of it", 2, 3600.0))
    await hook(world, secret=SECRET)
    async with client_at(app, "198.51.100.7") as stranger:
        for _ in range(5):
            assert (await call(stranger, b"{}", signed(b"{}", "forged"))).status_code == 404

    async with client_at(app, "192.0.2.10") as one, client_at(create_app(settings, db), "192.0.2.11") as two:
        answers = [await call(http, b"{}", signed(b"{}")) for http in (one, two, one, two)]

    assert [response.status_code for response in answers] == [202, 202, 429, 429]  # whatever the process


async def test_secrets_are_in_no_answer(world, gql):
    await hook(world, secret=SECRET)
    gql.act_as(None)
    answer = await gql("{ workflows { nodes { id name slug } } }")
    assert SECRET not in str(answer)
