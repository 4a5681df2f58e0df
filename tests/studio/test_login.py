"""Who gets in, for how long, and from where."""

import httpx
import pytest

from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.login import checked_account
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import InvalidCredentialsError, RateLimitedError
from ecoctrl_gql.studio.app import Studio, create_studio
from tests.conftest import RecordingDatabase
from tests.studio.browsing import Browser, form_values
from tests.studio.samples import ADMIN, PASSWORD, Rows


async def test_strangers_see_the_login_only(stranger: Browser) -> None:
    for path in ("/studio", "/studio/", "/studio/alerts/list", "/studio/_api/users/relation-lookup"):
        answer = await stranger.get(path)
        assert answer.url.path == "/studio/login"
        assert 'name="password"' in answer.text


@pytest.mark.parametrize("name", ["ada", "ADA", "Ada@Example.com", " ada "])
async def test_name_or_address_and_password_let_an_admin_in(stranger: Browser, name: str) -> None:
    answer = await stranger.log_in(name)
    assert answer.url.path == "/studio/"
    assert (await stranger.get("/studio/alerts/list")).url.path == "/studio/alerts/list"


async def test_login_leads_back_to_where_one_was(stranger: Browser) -> None:
    asked = await stranger.get("/studio/faults/list?q=x")
    answer = await stranger.submit(str(asked.url), {"username": "ada", "password": PASSWORD})
    assert str(answer.url) == "http://studio.test/studio/faults/list?q=x"


async def test_login_leads_to_no_other_site(stranger: Browser) -> None:
    answer = await stranger.submit(
        "/studio/login?next=https://evil.example/", {"username": "ada", "password": PASSWORD}
    )
    assert answer.url.host == "studio.test"


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("ada", "wrong", "The name or the password is wrong."),
        ("nobody", PASSWORD, "The name or the password is wrong."),
        ("ada", "", "The name or the password is wrong."),
        ("ada", "nul\0", "The name or the password is wrong."),
        ("a\0da", PASSWORD, "The name or the password is wrong."),
        ("dan", "wrong", "The name or the password is wrong."),
        ("dan", PASSWORD, "This account is disabled."),
        ("vic", PASSWORD, "The studio is for administrators"),
        ("ada", "电" * 25, "The name or the password is wrong."),
    ],
)
async def test_others_are_refused_with_a_sentence(
    stranger: Browser, name: str, password: str, sentence: str
) -> None:
    answer = await stranger.log_in(name, password)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "ecoctrl_studio" not in stranger.cookies


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
async def test_account_without_a_usable_password_is_refused(
    stranger: Browser, rows: Rows, stored: str | None
) -> None:
    await rows.fetch("UPDATE users SET password = %s", stored)
    for password in ("nobody", PASSWORD):
        assert (await stranger.log_in("ada", password)).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET role = 'operator' WHERE id = %s",
        "UPDATE users SET status = 'disabled' WHERE id = %s",
        "UPDATE users SET password = 'another hash' WHERE id = %s",
        "DELETE FROM users WHERE id = %s",
    ],
)
async def test_loss_of_the_right_takes_effect_at_the_next_request(
    ada: Browser, rows: Rows, change: str
) -> None:
    assert (await ada.get("/studio/alerts/list")).url.path == "/studio/alerts/list"
    await rows.fetch(change, ADMIN)
    assert (await ada.get("/studio/alerts/list")).url.path == "/studio/login"


async def test_logout_ends_the_session(ada: Browser) -> None:
    token = form_values((await ada.get("/studio/")).text)["csrftoken"]
    await ada.post("/studio/logout", data={"csrftoken": token})
    assert (await ada.get("/studio/alerts/list")).url.path == "/studio/login"


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
async def test_session_cookie_is_for_this_site_only(stranger: Browser, scheme: str, secure: bool) -> None:
    stranger.base_url = httpx.URL(f"{scheme}://studio.test")
    login = await stranger.log_in("ada")
    (cookie,) = (
        value
        for value in login.history[0].headers.get_list("set-cookie")
        if value.startswith("ecoctrl_studio=")
    )
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/studio", "max-age=28800"} <= attributes
    assert ("secure" in attributes) is secure


async def test_forged_session_is_worth_nothing(stranger: Browser, ada: Browser) -> None:
    for cookie in ("", "x", ada.cookies["ecoctrl_studio"][:-1], ada.cookies["starlette_admin_csrftoken"]):
        stranger.cookies.set("ecoctrl_studio", cookie, domain="studio.test")
        assert (await stranger.get("/studio/")).url.path == "/studio/login"


async def test_public_address_decides_the_scheme(settings: Settings, db: RecordingDatabase) -> None:
    studio = create_studio(settings.model_copy(update={"public_url": "https://studio.test/"}), db)
    async with Browser(studio) as browser:
        page = await browser.get("/studio/login")
        assert 'href="https://studio.test/studio/static/' in page.text
        assert 'href="http://' not in page.text
    await studio.close()


async def test_guessing_is_stopped(stranger: Browser, studio: Studio) -> None:
    for _ in range(5):
        assert (await stranger.log_in("ada", "wrong")).status_code == 400
    stopped = await stranger.log_in("ada")
    assert stopped.status_code == 429
    assert "Try again in" in stopped.text
    assert (await stranger.log_in("sue")).status_code == 200  # another account
    async with Browser(studio, client="203.0.113.6") as elsewhere:  # another client
        assert (await elsewhere.log_in("ada")).url.path == "/studio/"


async def test_attempts_are_counted_for_all_processes_and_the_api_together(
    stranger: Browser, settings: Settings, db: RecordingDatabase
) -> None:
    another = create_studio(settings, db)
    async with Browser(another) as elsewhere:
        for browser in (stranger, elsewhere, stranger, elsewhere):
            assert (await browser.log_in(" ADA ", "wrong")).status_code == 400
        with pytest.raises(InvalidCredentialsError):
            await checked_account(db, "ada", "wrong", Origin("203.0.113.5"))
        stopped = [await browser.log_in("ada") for browser in (stranger, elsewhere)]
    await another.close()

    assert [answer.status_code for answer in stopped] == [429, 429]
    with pytest.raises(RateLimitedError):
        await checked_account(db, "ada", PASSWORD, Origin("203.0.113.5"))


async def test_logins_that_succeed_are_not_counted(stranger: Browser) -> None:
    for _ in range(7):
        assert (await stranger.log_in("ada")).status_code == 200
        stranger.cookies.clear()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_forms_of_other_sites_are_refused(ada: Browser, rows: Rows, headers: dict[str, str]) -> None:
    key = await rows.key("alerts")
    token = ada.cookies["starlette_admin_csrftoken"]
    answer = await ada.post(
        f"/studio/_api/alerts/row-action?name=delete&pk={key}",
        headers={"X-CSRFToken": token} | headers,
    )
    assert answer.status_code == 403
    assert len(await rows.fetch("SELECT 1 FROM alerts")) == 1


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "x"}])
async def test_forms_without_their_token_are_refused(
    ada: Browser, rows: Rows, headers: dict[str, str]
) -> None:
    key = await rows.key("alerts")
    answer = await ada.post(f"/studio/_api/alerts/row-action?name=delete&pk={key}", headers=headers)
    assert answer.status_code == 403
    assert len(await rows.fetch("SELECT 1 FROM alerts")) == 1


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://studio.test"}])
async def test_forms_of_this_site_are_taken(stranger: Browser, headers: dict[str, str]) -> None:
    stranger.headers.update(headers)
    assert (await stranger.log_in("ada")).url.path == "/studio/"


async def test_huge_and_broken_bodies_are_refused(stranger: Browser) -> None:
    await stranger.get("/studio/login")
    huge = await stranger.post("/studio/login", data={"username": "x" * 5_000_000})
    assert huge.status_code == 413
    broken = await stranger.post(
        "/studio/login", content=b"--x", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert broken.status_code == 400


async def test_absent_database_is_said(settings: Settings) -> None:
    absent = Database("postgresql://nobody@127.0.0.1:1/none", pool_size=1)
    await absent.open()
    studio = create_studio(settings, absent)
    async with Browser(studio) as browser:
        answer = await browser.submit("/studio/login", {"username": "ada", "password": PASSWORD})
    assert answer.status_code == 503
    assert "can&#39;t be reached" in answer.text
    await studio.close()
    await absent.close()
