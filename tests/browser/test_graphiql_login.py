"""Logging in to GraphiQL, and staying logged in, in a real browser on the real server."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import strawberry
from conftest import served
from strawberry import Info
from visits import visit

from ecoctrl_gql import app
from ecoctrl_gql import schema as real_schema
from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.config import Settings
from ecoctrl_gql.http.server import server_options
from ecoctrl_gql.seed import ensure_admin
from tests.conftest import scratch_database, sibling

PASSWORD = "a-pass phrase of Ada's"
ADA = "Logged in as ada (super_admin)"
ENDED = "Your session has ended. Please log in again."
ENDED_IN_OTHER_TAB = "The session has ended in another tab of this browser. Please log in again."
COUNTED = {"data": {"faults": {"totalCount": 0}}}


@strawberry.type(description="A sign of life.", directives=[VIEWERS])
class Tick:
    user: str
    number: int


@strawberry.type(directives=[VIEWERS])
class Subscription(real_schema.Subscription):
    @strawberry.subscription
    async def ticks(self, info: Info[Any, Any]) -> AsyncIterator[Tick]:
        number = 0
        while True:
            yield Tick(user=info.context.signed_in().username, number=(number := number + 1))
            await asyncio.sleep(0.2)


def ticking_schema(settings: Settings) -> strawberry.Schema:
    """The real schema, and a subscription that never waits."""
    real = real_schema.build_schema(settings)
    ticking = type(real)(
        query=real.query,
        mutation=real.mutation,
        subscription=Subscription,
        extensions=real.extensions,
        execution_context_class=real.execution_context_class,
        config=real.config,
    )
    real_schema.let_records_stand_for_types(ticking)
    return ticking


@pytest.fixture(scope="module")
def url_of_ada(postgres_url: str, admin: psycopg.Connection, migrated_template: str) -> Iterator[str]:
    """A migrated database with one account."""
    with scratch_database(admin, migrated_template) as name:
        url = sibling(postgres_url, name)
        ensure_admin(url, "ada", "ada@example.com", PASSWORD)
        yield url


@asynccontextmanager
async def server(database_url: str, data_dir: Path, **settings: Any) -> AsyncIterator[str]:
    chosen = Settings(
        _env_file=None, database_url=database_url, data_dir=data_dir, jwt_secret="x" * 40, **settings
    )
    database = app.database_of(chosen, database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "build_schema", ticking_schema)
        application = app.create_app(chosen, database)
    async with served(application, **server_options(chosen)) as url:
        yield url


@pytest.fixture(scope="module")
async def seen(url_of_ada: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a visit showed, by step; see ``login.mjs``."""
    async with server(url_of_ada, tmp_path_factory.mktemp("data")) as url:
        return await visit("login.mjs", url, PASSWORD)


@pytest.fixture(scope="module")
async def seen_expiring(url_of_ada: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a visit showed while tokens expire after six seconds; see ``expiry.mjs``."""
    async with server(url_of_ada, tmp_path_factory.mktemp("data"), access_token_lifetime_s=6) as url:
        return await visit("expiry.mjs", url, PASSWORD)


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


def test_a_newcomer_is_offered_the_form_and_may_read_what_is_public(seen):
    assert seen["nobody"]["offered"]
    assert seen["nobody"]["open"] == {"data": {"me": None}}
    assert codes(seen["nobody"]["closed"]) == ["UNAUTHENTICATED"]


def test_a_wrong_password_is_told_beside_the_form(seen):
    assert seen["wrongPassword"] == {
        "said": "The name or the password is wrong.",
        "session": None,
        "offered": True,
    }


def test_a_login_by_mail_address_is_shown_and_sent_with_queries_and_sockets(seen):
    assert seen["logIn"] == {
        "said": ADA,
        "alerts": 0,
        "response": {"data": {"me": {"username": "ada", "role": "SUPER_ADMIN"}}},
    }
    assert seen["socket"] == "ada"


def test_a_subscription_shows_what_happens(seen):
    assert seen["alert"] == {"data": {"alertAdded": {"alert": {"device": "Chiller 7"}}}}


def test_passwords_are_nowhere_and_tokens_in_the_session_only(seen):
    assert seen["keptSecrets"] == {
        "accessToken": 1,
        "refreshToken": 1,
        "password": 0,
        "typed": 0,
        "address": True,
    }


def test_a_second_tab_shares_the_session(seen):
    assert seen["secondTab"] == {
        "said": ADA,
        "response": {"data": {"me": {"username": "ada", "role": "SUPER_ADMIN"}}},
    }


def test_two_tabs_with_a_refused_token_refresh_once_and_repeat_their_operations(seen):
    assert seen["staleTokenInBothTabs"] == {"responses": [COUNTED, COUNTED], "refreshes": 1}


def test_a_refresh_that_fails_on_the_way_ends_nothing(seen):
    assert codes(seen["refreshFails"]["meanwhile"]) == ["UNAUTHENTICATED"]
    assert seen["refreshFails"]["said"] == ADA
    assert seen["refreshFails"]["later"] == COUNTED


def test_a_pasted_token_is_used_instead_and_forgotten(seen):
    step = seen["pastedToken"]
    assert step["refused"] == {"said": "Using a token", "alert": "The server does not accept this token."}
    assert codes(step["answer"]) == ["UNAUTHENTICATED"]
    assert step["accepted"] == "Using a token of ada (super_admin)"
    assert step["afterwards"] == ADA


def test_a_session_that_ended_elsewhere_is_told_and_the_form_offered(seen):
    assert seen["endedElsewhere"] == {"said": ENDED, "inSecondTab": ENDED_IN_OTHER_TAB}


def test_a_session_that_ends_during_a_subscription_is_told_at_once(seen):
    assert seen["endedDuringSubscription"] == {"said": ENDED}


def test_logging_out_ends_the_session_in_all_tabs_and_on_the_server(seen):
    assert codes(seen["logOut"].pop("oldToken")) == ["UNAUTHENTICATED"]
    assert seen["logOut"] == {"alerts": 0, "inSecondTab": ENDED_IN_OTHER_TAB, "session": None}


def test_too_many_attempts_say_how_long_to_wait(seen):
    assert re.fullmatch(
        r"Too many attempts\. You can try again in \d+ seconds?\.", seen["tooManyAttempts"]["said"]
    )
    assert seen["tooManyAttempts"]["blocked"]


def test_an_open_socket_is_renewed_in_band_before_its_token_expires(seen_expiring):
    step = seen_expiring["renewedInBand"]
    assert step["response"]["data"]["ticks"]["user"] == "ada"
    assert step["sockets"] == 1
    assert step["pings"] == [["authorization"]]
    assert step["said"] == ADA


def test_a_socket_that_was_closed_for_an_expired_token_is_opened_again(seen_expiring):
    assert seen_expiring["expiredSocket"]["response"]["data"]["ticks"]["user"] == "ada"
    assert seen_expiring["expiredSocket"]["said"] == ADA


def test_a_request_with_an_expired_token_is_repeated_with_a_new_one(seen_expiring):
    assert seen_expiring["expiredRequest"] == {"response": COUNTED, "refreshed": True}


def test_subscriptions_come_as_server_sent_events_where_no_socket_opens(seen_expiring):
    assert seen_expiring["eventsWithoutSockets"] == "ada"


def test_the_pages_log_nothing_but_refused_requests(seen, seen_expiring):
    for report in (seen, seen_expiring):
        assert report["seen"]["foreignRequests"] == []
        refusals = r"Failed to load resource: .*(401|429|ERR_FAILED).*|.*/graphql: net::ERR_FAILED"
        assert [error for error in report["seen"]["errors"] if not re.fullmatch(refusals, error)] == []
