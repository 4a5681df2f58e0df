import asyncio
import subprocess
import sys

from ecoctrl_gql.studio.app import Studio
from tests.studio.browsing import Browser
from tests.studio.samples import Rows


def test_an_unused_studio_costs_no_import() -> None:
    code = """
import sys
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.studio.app import create_studio

create_studio(Settings(_env_file=None), Database("postgresql://"))
print("starlette_admin" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


async def test_first_requests_build_it_once(studio: Studio) -> None:
    async with Browser(studio) as browser:
        answers = await asyncio.gather(*(browser.get("/studio/login") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5


async def test_more_requests_than_connections_are_all_answered(ada: Browser) -> None:
    answers = await asyncio.gather(*(ada.get("/studio/alerts/list") for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}


async def test_closed_studio_keeps_no_connection(ada: Browser, studio: Studio, rows: Rows) -> None:
    open_connections = """
        SELECT pid FROM pg_stat_activity
        WHERE application_name = 'ecoctrl studio' AND datname = current_database()
    """
    await ada.get("/studio/alerts/list")
    assert 1 <= len(await rows.fetch(open_connections)) <= 2
    await studio.close()
    async with asyncio.timeout(10):  # the server ends a connection a moment after it was closed here
        while await rows.fetch(open_connections):
            await asyncio.sleep(0.05)
    assert (await ada.get("/studio/alerts/list")).url.path == "/studio/alerts/list"
