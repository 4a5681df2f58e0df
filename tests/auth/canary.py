"""Where to look for secrets."""

from collections.abc import Iterable

from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import tables
from ecoctrl_gql.studio.app import create_studio
from tests.conftest import RecordingDatabase
from tests.studio.browsing import Browser

SHOWN = [
    table.name
    for table in (getattr(tables, name).__table__ for name in tables.__all__)
    if "internal" not in table.info
]
KEYS = "SELECT {key}::text FROM {table}"


async def studio_pages(settings: Settings, db: RecordingDatabase, name: str, password: str) -> list[str]:
    """All that the studio shows to somebody: each table and each of its rows, exported too."""
    studio = create_studio(settings, db)
    pages = []
    async with Browser(studio) as browser:
        pages.append((await browser.log_in(name, password + "x")).text)
        home = await browser.log_in(name, password)
        assert home.url.path == "/studio/"
        pages.append(home.text)
        for table in SHOWN:
            pages += await _pages_of(browser, db, table)
    await studio.close()
    return pages


async def _pages_of(browser: Browser, db: RecordingDatabase, table: str) -> list[str]:
    key = "user_id" if table == "user_settings" else "id"
    async with db.connection() as connection:
        keys = await (await connection.execute(KEYS.format(key=key, table=table).encode())).fetchall()
    paths = [f"/studio/{table}/list", f"/studio/_api/{table}/relation-lookup"]
    for (each,) in keys:
        paths += [f"/studio/{table}/detail?pk={each}", f"/studio/{table}/edit?pk={each}"]
    answers = [await browser.get(path) for path in paths]
    assert {answer.status_code for answer in answers} <= {200, 403}  # some tables are not to be edited
    for kind in ("csv", "json"):
        data = {"format": kind, "scope": "page"}
        answers.append(await browser.action(f"/studio/_api/{table}/action", "export", data=data))
        assert answers[-1].status_code == 200
    return [answer.text for answer in answers]


def found_in(texts: Iterable[str], secrets: Iterable[str]) -> set[str]:
    """Those of some secrets that stand in some texts, they themselves or their hashes."""
    everything = "\n".join(texts)
    assert len(everything) > 1_000
    return {secret for secret in secrets if secret in everything or secret_hash(secret) in everything}
