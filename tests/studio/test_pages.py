"""Every table's pages, as a super admin sees them."""

import json
import re

import pytest

from tests.studio.browsing import Browser
from tests.studio.samples import ADMIN, ALERT, ROWS, VIEWER, Rows

TABLES = sorted([*ROWS, "users"])
KEEPS_ITS_CHANGES = {"workflows", "dashboard_models", "user_settings"}


def test_no_table_is_left_out() -> None:
    from ecoctrl_gql.db.studio_tables import studio_tables

    assert [table.name for table in studio_tables()] == TABLES


async def test_overview_names_every_table(sue: Browser) -> None:
    page = await sue.get("/studio/")
    assert page.status_code == 200
    for table in TABLES:
        assert f"/studio/{table}/list" in page.text


async def test_table_is_listed_shown_and_found(sue: Browser, rows: Rows) -> None:
    for table in TABLES:
        key = await rows.key(table)
        listed = await sue.get(f"/studio/{table}/list")
        assert listed.status_code == 200
        assert f'data-sa-pk="{key}"' in listed.text
        shown = await sue.get(f"/studio/{table}/detail", params={"pk": key})
        assert shown.status_code == 200
        form = await sue.get(f"/studio/{table}/edit", params={"pk": key})
        assert form.status_code == 200
        found = await sue.get(f"/studio/{table}/list", params={"q": key})
        assert f'data-sa-pk="{key}"' in found.text
        missed = await sue.get(f"/studio/{table}/list", params={"q": "%no such text%"})
        assert missed.status_code == 200
        assert "data-sa-pk=" not in missed.text


async def test_table_answers_as_json(sue: Browser, rows: Rows) -> None:
    for table in TABLES:
        key = await rows.key(table)
        answer = await sue.get(f"/studio/_api/{table}/relation-lookup", params={"pks": key})
        assert answer.status_code == 200
        assert answer.json()["total"] == 1
        exported = await sue.action(
            f"/studio/_api/{table}/action", "export", data={"format": "json", "scope": "page"}
        )
        assert key in {str(value) for row in json.loads(exported.content) for value in row.values()}


async def test_every_column_sorts_both_ways(sue: Browser, rows: Rows) -> None:
    for table in TABLES:
        page = (await sue.get(f"/studio/{table}/list")).text
        columns = re.findall(r'<th scope="col" data-column="(\w+)"', page)
        assert columns
        for column in columns:
            for direction in ("asc", "desc"):
                answer = await sue.get(f"/studio/{table}/list", params={"sort": f"{column}__{direction}"})
                assert answer.status_code == 200


async def test_saving_an_untouched_form_changes_nothing(sue: Browser, rows: Rows) -> None:
    for table in TABLES:
        before = await rows.all(table)
        answer = await sue.submit(f"/studio/{table}/edit?pk={await rows.key(table)}", {})
        assert answer.status_code == 200
        assert "was changed successfully" in answer.text
        after = await rows.all(table)
        if table in KEEPS_ITS_CHANGES:
            assert after[0].pop("updated_at") > before[0].pop("updated_at")
        assert after == before


async def test_text_of_a_row_is_no_markup(sue: Browser) -> None:
    page = await sue.get("/studio/alerts/list")
    assert "AHU-1 &lt;b&gt;" in page.text
    assert "AHU-1 <b>" not in page.text


@pytest.mark.parametrize("pk", ["nonsense", "00000000-0000-4000-8000-ffffffffffff", "'; --", ""])
async def test_unknown_row_is_not_found(sue: Browser, pk: str) -> None:
    for page in ("detail", "edit"):
        answer = await sue.get(f"/studio/alerts/{page}", params={"pk": pk})
        assert answer.status_code == 404


async def test_filters_by_reference_and_choice(sue: Browser) -> None:
    for table, wanted, count in [
        ("oauth_accounts", f"user_id__eq={VIEWER}", 1),
        ("alerts", "level__eq=low", 0),
        ("alerts", "level__in=high,medium", 1),
    ]:
        answer = await sue.get(f"/studio/{table}/list", params={"filter": wanted})
        assert answer.status_code == 200
        assert answer.text.count("data-sa-pk=") == count


@pytest.mark.parametrize(
    "query",
    [
        "page=999999999999999999999",
        "filter=id__eq=nonsense",
        "page_size=-1",
        "filter=x__eq=1",
        "sort=nothing__asc&page=-1&filter=(level",
    ],
)
async def test_nonsense_is_refused_with_a_sentence(sue: Browser, query: str) -> None:
    answer = await sue.get(f"/studio/alerts/list?{query}")
    assert answer.status_code == 400
    assert "SELECT" not in answer.text


async def test_csv_is_safe_for_spreadsheets_and_keeps_json(sue: Browser, rows: Rows) -> None:
    await rows.fetch("UPDATE objects SET name = '=1+1'")
    answer = await sue.action(
        "/studio/_api/objects/action", "export", data={"format": "csv", "scope": "page"}
    )
    assert "'=1+1" in answer.text
    assert '"{""unit"": ""°C""}"' in answer.text


async def test_no_page_names_another_host(sue: Browser, stranger: Browser, rows: Rows) -> None:
    pages = [await stranger.get("/studio/login"), await sue.get("/studio/")]
    for table in TABLES:
        key = await rows.key(table)
        pages += [await sue.get(f"/studio/{table}/{page}") for page in ("list", f"detail?pk={key}")]
        pages += [await sue.get(f"/studio/{table}/edit?pk={key}")]
    for page in pages:
        assert page.status_code == 200
        addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", page.text))
        harmless = {
            "http://studio.test",
            "http://www.w3.org",
        }  # ours, a namespace, a comment
        assert addresses <= harmless
        assert "@import" not in page.text
        for loaded in re.findall(r'(?:src|href|action)="(\w+:[^"]+)"', page.text):
            assert loaded.startswith(("http://studio.test/studio/", "data:,"))


async def test_assets_of_all_pages_are_there(sue: Browser) -> None:
    assets = set()
    for page in ("list", f"detail?pk={ALERT}", f"edit?pk={ALERT}", "create"):
        text = (await sue.get(f"/studio/alerts/{page}")).text
        assets |= set(re.findall(r'(?:src|href)="([^"]*/static/[^"]*)"', text))
    assert len(assets) > 10
    for asset in assets:
        answer = await sue.get(asset)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=3600"


async def test_scripts_run_by_nonce_only(sue: Browser) -> None:
    for path in (
        "alerts/list",
        f"alerts/edit?pk={ALERT}",
        f"alerts/detail?pk={ALERT}",
        f"users/edit?pk={ADMIN}",
    ):
        page = await sue.get(f"/studio/{path}")
        policy = page.headers["content-security-policy"]
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        scripts = re.findall(r"<script\b[^>]*>", page.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
