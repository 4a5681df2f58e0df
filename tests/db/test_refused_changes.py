"""What the database refuses, and transactions: all or nothing."""

from uuid import uuid4

import pytest

from ecoctrl_gql.db.failures import DuplicateError
from ecoctrl_gql.errors import BadInputError, ConflictError
from tests.api.workbench import empty, open_database


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


REFUSED = [
    ("user", {"email": "ANN@example.org"}, DuplicateError, "There is one already with the same email."),
    ("user", {"username": "Ann"}, DuplicateError, "There is one already with the same username."),
    ("workflow", {"slug": "taken"}, DuplicateError, "There is one already with the same slug."),
    ("alert", {"level": "deadly"}, BadInputError, "The value of alert level is not allowed."),
    ("alert", {"device": None}, BadInputError, "device must have a value."),
    ("alert", {"device": "x" * 256}, BadInputError, "A value is out of the range that can be stored."),
    ("alert", {"device": "a\0b"}, BadInputError, "A text holds a NUL character, which can't be stored."),
    ("alert", {"time": "soon"}, BadInputError, "A value is out of the range that can be stored."),
    ("energy_area", {"current": 2**31}, BadInputError, "A value is out of the range that can be stored."),
    ("energy_area", {"power_factor": 1e99}, BadInputError, "A value is out of the range that can be stored."),
    (
        "dashboard_model",
        {"ambient_light_intensity": 2.0},
        BadInputError,
        "The value of ambient light intensity is not allowed.",
    ),
    (
        "workflow",
        {"user_id": str(uuid4())},
        ConflictError,
        "Something that this refers to, or that refers to it, does not allow the change.",
    ),
]


@pytest.mark.parametrize(("table", "values", "error", "message"), REFUSED)
async def test_what_the_database_refuses_is_said_in_our_words(table, values, error, message, make):
    await make.user(username="ann", email="ann@example.org")
    await make.workflow(slug="taken")

    with pytest.raises(error) as raised:
        await getattr(make, table)(**values)

    assert str(raised.value) == message


async def test_an_update_is_refused_in_the_same_words(repos, make):
    await make.workflow(slug="taken")
    workflow = await make.workflow()

    with pytest.raises(DuplicateError) as raised:
        await repos.workflows.update(workflow.id, slug="taken")

    assert raised.value.constraint == "uq_workflows_slug"
    assert (await repos.workflows.get(workflow.id)).slug == workflow.slug


async def test_a_second_row_of_a_table_with_one_is_refused(make):
    await make.platform_config()

    with pytest.raises(DuplicateError):
        await make.platform_config()


# -- transactions


async def test_a_transaction_takes_effect_as_a_whole(db, make):
    alert = await make.alert()

    async def resolve_and_fail() -> None:
        async with db.transaction() as repos:
            await repos.alerts.update(alert.id, status="resolved")
            await repos.workflows.create(name="a", slug="same", dsl={})
            await repos.workflows.create(name="b", slug="same", dsl={})

    with pytest.raises(DuplicateError):
        await resolve_and_fail()

    repos = db.repositories()
    assert (await repos.alerts.get(alert.id)).status == "pending"
    assert await repos.workflows.count() == 0


async def test_any_error_undoes_a_transaction(db):
    async def create_and_fail() -> None:
        async with db.transaction() as repos:
            await repos.report_plans.create(name="a", receiver="a@b.c", frequency="daily")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await create_and_fail()

    assert await db.repositories().report_plans.count() == 0


async def test_a_transaction_sees_its_own_changes_and_others_do_not(db, make):
    alert = await make.alert()
    async with db.transaction() as repos:
        assert (await repos.alerts.get(alert.id)).status == "pending"
        await repos.alerts.update(alert.id, status="resolved")
        created = await repos.alerts.create(device="Pump 2", level="low", message="Humming")
        inside = ((await repos.alerts.get(alert.id)).status, await repos.alerts.count())
        found = await repos.alerts.find(created.id)
        outside = (
            (await db.repositories().alerts.get(alert.id)).status,
            await db.repositories().alerts.count(),
        )

    assert inside == ("resolved", 2)
    assert found.device == "Pump 2"
    assert outside == ("pending", 1)
    assert await db.repositories().alerts.count() == 2


async def test_a_transactions_loaders_forget_what_it_changes(db, make):
    workflow = await make.workflow()
    async with db.transaction() as repos:
        executions = repos.workflow_executions
        assert await executions.list_by("workflow_id").load(workflow.id) == []
        await executions.create(workflow_id=workflow.id)

        assert len(await executions.list_by("workflow_id").load(workflow.id)) == 1
        assert await executions.count_by("workflow_id").load(workflow.id) == 1


async def test_what_is_deleted_with_its_owner_is_gone(db, repos, make):
    user = await make.user()
    workflow = await make.workflow(user_id=user.id)
    await make.session(user_id=user.id)
    await make.user_settings(user_id=user.id)
    await make.oauth_account(user_id=user.id)
    await make.workflow_execution(workflow_id=workflow.id)

    await repos.users.delete(user.id)
    left = [getattr(repos, name) for name in ("refresh_tokens", "user_settings", "oauth_accounts")]
    assert [await repository.count() for repository in left] == [0, 0, 0]
    assert (await repos.workflows.get(workflow.id)).user_id is None

    await repos.workflows.delete(workflow.id)
    assert await repos.workflow_executions.count() == 0
