"""Workers that are killed and replaced, a web service that remembers calls, and a database that crashes."""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.embedded.postmaster import find_postmaster
from ecoctrl_gql.logs import configure_logging
from ecoctrl_gql.workflows.background import Workflows
from tests.fakes.serving import served

SPAWN = multiprocessing.get_context("forkserver")
"""Makes processes that have nothing in common with ours, quickly."""

SPAWN.set_forkserver_preload(["ecoctrl_gql.workflows.background", "ecoctrl_gql.logs"])

BACKENDS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name LIKE 'ecoctrl%' AND pid <> pg_backend_pid() AND random() < 0.5"
)


@dataclass
class WebService:
    """
    A web service elsewhere.

    Attributes:
        keys: The keys under which each step of each run has asked.
        bodies: What was asked under each key, each different text once.
        calls: How often it was asked.
    """

    random: random.Random
    keys: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    calls: int = 0
    url: str = ""
    _told: Counter[str] = field(default_factory=Counter)

    def application(self) -> Starlette:
        return Starlette(routes=[Route("/{what}", self.answer, methods=["POST"])])

    async def answer(self, request: Request) -> Response:
        body, key = await request.body(), request.headers["idempotency-key"]
        asked = await request.json()
        self.calls += 1
        self.keys[asked["run"], asked["step"]].add(key)
        self.bodies[key].add(body)
        await asyncio.sleep(self.random.random() ** 3 * 0.3)
        self._told[key] += 1
        match request.path_params["what"]:
            case "refuse":
                return JSONResponse({"error": "no"}, 500)
            case "flaky" if self._told[key] <= 2:
                return JSONResponse({"error": "busy"}, 503)
        return JSONResponse({"n": asked["n"] * 2})


@contextmanager
def web_service(chance: random.Random) -> Iterator[WebService]:
    web = WebService(chance)
    with served(web.application()) as port:
        web.url = f"http://127.0.0.1:{port}"
        yield web


def work(url: str, folder: Path) -> None:
    """A worker's process: takes runs on until it is killed."""
    os.environ.clear()
    settings = Settings(
        _env_file=None,
        database_url=url,
        data_dir=folder,
        jwt_secret="x" * 40,
        log_level="error",
        workflow_http_allow=("127.0.0.1",),
    )
    configure_logging(settings)
    asyncio.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    await Workflows(settings, url).start()
    await asyncio.Event().wait()


@dataclass
class Workers:
    """
    So many workers, of which one is killed and replaced now and then.

    Attributes:
        kills: How many were killed.
    """

    url: str
    folder: Path
    random: random.Random
    number: int
    kills: int = 0
    _running: list[multiprocessing.process.BaseProcess] = field(default_factory=list)

    def start(self) -> None:
        for _ in range(self.number):
            self._begin()

    def stop(self) -> None:
        for process in self._running:
            process.kill()
            process.join()

    def replace_one(self) -> None:
        self._kill()
        self._begin()
        self.kills += 1

    def _begin(self) -> None:
        process = SPAWN.Process(target=work, args=(self.url, self.folder), daemon=True)
        process.start()
        self._running.append(process)

    def _kill(self) -> None:
        process = self._running.pop(self.random.randrange(len(self._running)))
        assert process.exitcode is None, process.exitcode  # a worker never ends by itself
        process.kill()
        process.join()


@dataclass
class Crashing:
    """A database server of our own."""

    postgres: EmbeddedPostgres
    url: str

    def crash(self) -> None:
        """End at once, as when the power fails, and start anew."""
        cluster = self.postgres._cluster
        assert cluster is not None
        postmaster = find_postmaster(cluster.data)
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGQUIT)
        while find_postmaster(cluster.data) is not None:
            time.sleep(0.05)
        self.postgres.revive()

    def cut_connections(self) -> None:
        with suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(BACKENDS)
