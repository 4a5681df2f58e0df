"""The repositories themselves: changes, loaders, transactions."""

import asyncio
from uuid import uuid4

import pytest

from ecoctrl_gql.db.conditions import EVERYTHING, All, AnyOf, Compare, Not, Operator
from ecoctrl_gql.db.keyset import Order, Position, Window
from ecoctrl_gql.errors import NotFoundError
from tests.api.workbench import empty, open_database
from tests.factories import NOON


@pytest.fixture(scope="module")
async def workbench(postgres_url, admin, migrated_template):
    async with open_database(postgres_url, admin, migrated_template) as database:
        yield database


@pytest.fixture
async def db(workbench):
    return await empty(workbench)


@pytest.fixture
def repos(db):
    return db.repositories()


# -- changes


async def test_a_row_is_created_with_the_databases_defaults(repos):
    alert = await repos.alerts.create(device="Pump 2", level="low", message="Humming")

    assert (alert.device, alert.level, alert.status) == ("Pump 2", "low", "pending")
    assert alert.time.utcoffset().total_seconds() == 0
    assert (await repos.alerts.get(alert.id)).device == "Pump 2"


async def test_a_row_can_be_all_defaults(repos):
    config = await repos.platform_configs.create()

    assert (config.timezone, config.smtp_port, config.smtp_pass) == ("Asia/Shanghai", 587, "")


async def test_jsonb_keeps_what_it_is_given(repos, make):
    dsl = {"nodes": [1, None, "能"], "a": {"b": []}}
    workflow = await make.workflow(dsl=dsl)
    execution = await make.workflow_execution(workflow_id=workflow.id, trigger_data=None)

    assert (await repos.workflows.get(workflow.id, frozenset({"dsl"}))).dsl == dsl
    assert execution.trigger_data is None
    for value in ([], "text", 0, False):
        changed = await repos.workflow_executions.update(execution.id, trigger_data=value)
        assert changed.trigger_data == value


async def test_an_update_changes_what_is_named_and_gives_all(repos, make):
    workflow = await make.workflow(name="Old", description="Stays")

    changed = await repos.workflows.update(workflow.id, name="New", enabled=False)

    assert (changed.name, changed.enabled, changed.description) == ("New", False, "Stays")
    assert (changed.slug, changed.dsl) == (workflow.slug, workflow.dsl)
    assert changed.updated_at > workflow.updated_at


async def test_an_update_of_nothing_gives_the_row(repos, make):
    workflow = await make.workflow()

    assert (await repos.workflows.update(workflow.id)).dsl == workflow.dsl


async def test_a_deleted_row_is_gone(repos, make):
    alert, other = await make.alert(), await make.alert()

    await repos.alerts.delete(alert.id)

    assert await repos.alerts.find(alert.id) is None
    assert await repos.alerts.count() == 1
    assert (await repos.alerts.get(other.id)).id == other.id


async def test_what_is_not_there_can_be_neither_read_nor_changed(repos):
    key = str(uuid4())
    for attempt in (repos.alerts.get(key), repos.alerts.update(key, device="x"), repos.alerts.delete(key)):
        with pytest.raises(NotFoundError, match=r"There is no such alert\."):
            await attempt
    with pytest.raises(NotFoundError):
        await repos.alerts.update(key)
    assert await repos.alerts.find(key) is None


async def test_only_gives_the_row_of_a_table_with_one(repos, make):
    assert await repos.platform_configs.only() is None
    await make.platform_config(platform_name="Campus")

    assert (await repos.platform_configs.only(frozenset({"platform_name"}))).platform_name == "Campus"


# -- loaders


async def test_keys_asked_for_together_are_read_in_one_statement(db, repos, make):
    alerts = [await make.alert() for _ in range(3)]
    missing = str(uuid4())
    db.statements.clear()

    found = await asyncio.gather(*(repos.alerts.find(key) for key in [*(a.id for a in alerts), missing]))

    assert [row and row.id for row in found] == [*(alert.id for alert in alerts), None]
    assert len(db.statements) == 1


async def test_a_key_is_read_once_in_a_repositorys_life(db, repos, make):
    alert = await make.alert()
    db.statements.clear()

    first, second = [await repos.alerts.by_key().load(alert.id) for _ in range(2)]
    again = await db.repositories().alerts.by_key().load(alert.id)

    assert first is second
    assert again is not first
    assert len(db.statements) == 2


async def test_what_was_read_is_forgotten_when_the_repository_changes_it(repos, make):
    alert = await make.alert()
    assert (await repos.alerts.get(alert.id)).status == "pending"

    await repos.alerts.update(alert.id, status="resolved")
    assert (await repos.alerts.get(alert.id)).status == "resolved"

    await repos.alerts.delete(alert.id)
    assert await repos.alerts.find(alert.id) is None


async def test_lists_and_counts_come_for_all_keys_at_once(db, repos, make):
    workflows = [await make.workflow() for _ in range(3)]
    for count, workflow in enumerate(workflows):
        for _ in range(count):
            await make.workflow_execution(workflow_id=workflow.id)
    keys = [workflow.id for workflow in workflows]
    executions = repos.workflow_executions
    db.statements.clear()

    lists = await executions.list_by("workflow_id").load_many(keys)
    counts = await executions.count_by("workflow_id").load_many(keys)
    window = Window(Order("started_at"), limit=1)
    pages = await executions.pages_by("workflow_id", window).load_many(keys)

    assert [len(rows) for rows in lists] == counts == [0, 1, 2]
    assert {row.workflow_id for row in lists[2]} == {keys[2]}
    assert [(len(page.records), page.has_next) for page in pages] == [(0, False), (1, False), (1, True)]
    assert len(db.statements) == 3


async def test_records_hold_what_was_read_and_nothing_else(repos, make):
    alert = await make.alert()

    record = await repos.alerts.get(alert.id, frozenset({"device"}))

    assert (record.id, record.device) == (alert.id, "Chiller 1")
    with pytest.raises(AttributeError):
        _ = record.message
    assert not hasattr(record, "__dict__")


async def test_all_is_sorted(repos, make):
    for order in (3, 1, 2):
        await make.dashboard_widget(sort_order=order)

    assert [row.sort_order for row in await repos.dashboard_widgets.all("sort_order")] == [1, 2, 3]


# -- conditions


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (EVERYTHING, 2),
        (AnyOf(()), 0),
        (Not(EVERYTHING), 0),
        (Not(AnyOf(())), 2),
        (Not(Compare("avatar_url", Operator.EQ, "/a.png")), 1),
        (All((Compare("username", Operator.IN, ()), EVERYTHING)), 0),
        (All((Compare("username", Operator.NOT_IN, ()), EVERYTHING)), 2),
    ],
)
async def test_conditions(condition, expected, repos, make):
    await make.user(username="Ann", avatar_url="/a.png")
    await make.user(username="Bob")

    assert await repos.users.count(condition) == expected


async def test_a_list_longer_than_its_column_matches_nothing(repos, make):
    await make.alert(device="x" * 255)

    assert await repos.alerts.count(Compare("device", Operator.IN, ("x" * 256,))) == 0


async def test_positions_of_reals_are_exact(repos, make):
    rows = sorted([(await make.carbon_factor(value=0.1)).id for _ in range(3)])
    window = Window(Order("value"), limit=5, after=Position(0.1, rows[0]))

    page = await repos.carbon_factors.page(window)

    assert [row.id for row in page.records] == rows[1:]


async def test_times_are_read_in_utc(repos, make):
    alert = await make.alert(time="2026-06-01T20:00:00+08:00")

    assert alert.time == NOON
    assert str(alert.time) == str(NOON)
