"""GraphiQL in a real browser."""

from typing import Any

import pytest
from visits import visit

BUILDING = {"data": {"building": {"name": "Tower 北", "floors": [{"level": 1}, {"level": 2}]}}}


@pytest.fixture(scope="session")
async def seen(server_url: str) -> dict[str, Any]:
    """What one visit to GraphiQL showed, by step; see ``graphiql.mjs``."""
    return await visit("graphiql.mjs", server_url)


def test_a_first_visit_runs_the_first_example_with_one_click(seen):
    assert seen["firstVisit"]["title"] == "EcoCtrl GraphQL"
    assert seen["firstVisit"]["query"].startswith("query Building {")
    assert seen["firstVisit"]["response"] == BUILDING


def test_names_of_examples_and_hints_are_shown_as_text(seen):
    assert seen["examples"] == [
        "A building and its floors",
        "One floor",
        "</script><script>alert(1)</script>",
    ]
    assert seen["firstVisit"]["hint"] == "The names stand in the <terminal>."
    assert seen["tokenByHttp"]["hint"] == (
        "Sent as Authorization: Bearer … from this browser tab, until you close it. API keys work <too>."
    )


def test_an_example_brings_its_variables_and_takes_the_place_of_another_example(seen):
    assert seen["example"] == {
        "variables": {"level": 2},
        "response": {"data": {"floor": {"level": 2}}},
        "tabs": 1,
    }


def test_an_example_leaves_the_users_own_query_alone(seen):
    assert seen["exampleBesideOwnQuery"] == {"tabs": ["Mine", "Building"]}


def test_the_documentation_shows_a_types_description_and_fields(seen):
    assert "A house whose energy is watched." in seen["documentation"]
    assert "floors: [Floor!]!" in seen["documentation"]


def test_the_explorer_lists_fields(seen):
    assert "building" in seen["explorer"]
    assert "authorization" in seen["explorer"]


def test_the_history_lists_what_ran(seen):
    assert seen["history"] == ["Floor", "Building"]


def test_a_subscription_ends_with_its_last_value(seen):
    assert seen["subscription"] == {"data": {"count": 3}}


def test_a_pasted_token_goes_with_requests_and_sockets(seen):
    assert seen["tokenByHttp"]["response"] == {"data": {"authorization": "Bearer box-token"}}
    assert seen["tokenBySocket"] == {"data": {"connectionAuthorization": "Bearer box-token"}}


def test_a_running_subscription_follows_a_change_of_token(seen):
    assert seen["tokenChangesDuringSubscription"] == {
        "before": {"data": {"connectionAuthorization": "Bearer box-token"}},
        "after": {"data": {"connectionAuthorization": "Bearer other-token"}},
    }


def test_the_headers_tab_wins_over_the_pasted_token(seen):
    assert seen["headersTab"] == {
        "http": {"data": {"authorization": "Bearer tab-token"}},
        "socket": {"data": {"connectionAuthorization": "Bearer tab-token"}},
    }


def test_a_refused_socket_says_so_at_once(seen):
    assert [error["message"] for error in seen["refusedSocket"]["errors"]] == [
        "The server closed the connection: 4403 Forbidden"
    ]


def test_a_pasted_token_outlives_a_reload_but_is_never_stored_for_good(seen):
    assert seen["reload"]["stillUsed"]
    assert seen["reload"]["history"] > 0
    assert "subscription Count" in seen["reload"]["local"]
    assert "token" not in seen["reload"]["local"]
    assert seen["newBrowserTab"] == {"login": True}


def test_clearing_the_editors_data_leaves_other_data_of_the_origin(seen):
    assert seen["clearedStorage"] == ["other"]


def test_the_theme_follows_the_system(seen):
    assert seen["darkTheme"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(33, 42, 59)"}


def test_the_page_asks_no_other_host_and_logs_no_error(seen):
    assert seen["seen"]["foreignRequests"] == []
    assert seen["seen"]["errors"] == []
    assert len(set(seen["seen"]["sockets"])) == 1
