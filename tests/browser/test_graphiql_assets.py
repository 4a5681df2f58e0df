"""GraphiQL's page and assets over HTTP, without a browser."""

import gzip
import io
import json
import re

import httpx
import pytest

from ecoctrl_gql.config import LogFormat, Settings
from ecoctrl_gql.http.access import AccessLog
from ecoctrl_gql.http.graphiql import ASSETS_DIRECTORY, Example, graphiql_page
from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.middleware import EdgeMiddleware
from ecoctrl_gql.logs import LineWriter

CHUNK = next(path.stem for path in ASSETS_DIRECTORY.glob("chunk-*.js.gz"))


@pytest.fixture
async def http(server_url):
    async with httpx.AsyncClient(base_url=server_url) as client:
        yield client


async def raw(http, path, **headers):
    """The answer with its body as sent."""
    async with http.stream("GET", path, headers=headers) as response:
        return response, b"".join([part async for part in response.aiter_raw()])


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("graphiql.js", "text/javascript; charset=utf-8"),
        ("graphiql.css", "text/css; charset=utf-8"),
        ("editor.worker.js", "text/javascript; charset=utf-8"),
        ("codicon.ttf", "font/ttf"),
        ("icon.svg", "image/svg+xml"),
        ("LICENSES.txt", "text/plain; charset=utf-8"),
    ],
)
async def test_an_asset_comes_gzipped_with_its_type(http, name, content_type):
    response, body = await raw(http, f"/graphiql/{name}", **{"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-length"] == str(len(body))
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert body == (ASSETS_DIRECTORY / f"{name}.gz").read_bytes()


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, *", "identity, *;q=0"])
async def test_an_asset_comes_unpacked_where_gzip_is_not_accepted(http, accepted):
    response, body = await raw(http, "/graphiql/icon.svg", **{"accept-encoding": accepted})
    assert "content-encoding" not in response.headers
    assert body == gzip.decompress((ASSETS_DIRECTORY / "icon.svg.gz").read_bytes())


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP", "gzip;q=0.5", "*", "*;q=0, gzip;q=1.0"])
async def test_an_asset_comes_gzipped_wherever_gzip_is_accepted(http, accepted):
    response, _ = await raw(http, "/graphiql/icon.svg", **{"accept-encoding": accepted})
    assert response.headers["content-encoding"] == "gzip"


async def test_each_coding_has_its_own_etag_that_answers_304(http):
    packed, _ = await raw(http, "/graphiql/icon.svg", **{"accept-encoding": "gzip"})
    plain, _ = await raw(http, "/graphiql/icon.svg", **{"accept-encoding": "identity"})
    assert packed.headers["etag"] != plain.headers["etag"]

    known = f'"other", W/{packed.headers["etag"]}'
    again, body = await raw(http, "/graphiql/icon.svg", **{"accept-encoding": "gzip", "if-none-match": known})
    assert again.status_code == 304
    assert body == b""
    assert again.headers["etag"] == packed.headers["etag"]

    changed = await http.get("/graphiql/icon.svg", headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


async def test_only_names_with_a_hash_are_cached_for_good(http):
    assert (await http.get("/graphiql/graphiql.js")).headers["cache-control"] == "no-cache"
    chunk = await http.get(f"/graphiql/{CHUNK}")
    assert chunk.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["nothing.js", "icon.svg.gz", "..%2f..%2fconfig.py", "%2e%2e/%2e%2e/config.py", ""]
)
async def test_nothing_else_is_served(http, path):
    assert (await http.get(f"/graphiql/{path}")).status_code == 404


async def test_head_has_no_body_and_post_is_refused(http):
    head = await http.head("/graphiql/icon.svg")
    assert head.status_code == 200
    assert head.content == b""
    assert (await http.post("/graphiql/icon.svg")).status_code == 405


async def test_the_page_has_a_strict_policy_and_no_inline_script(http):
    page = await http.get("/graphql", headers={"accept": "text/html"})
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert re.findall(r"<script ([^>]*)>", page.text) == [
        'type="application/json" id="graphiql-config"',
        'type="module" src="/graphiql/graphiql.js"',
    ]


def test_the_page_escapes_what_it_is_given():
    hostile = "</script><script>alert('1')</script><!--\u2028&"
    page = bytes(
        graphiql_page(
            examples=[Example(hostile, hostile, {"text": hostile})],
            login_hint=hostile,
            token_hint=hostile,
            assets='/"x',
            product=hostile,
        ).body
    ).decode()
    config = re.search(r'id="graphiql-config">(.*?)</script>', page, re.DOTALL)
    assert config
    assert json.loads(config[1]) == {
        "endpoint": "/graphql",
        "product": hostile,
        "loginHint": hostile,
        "tokenHint": hostile,
        "examples": [
            {
                "name": hostile,
                "query": hostile,
                "variables": json.dumps({"text": hostile}, indent=2, ensure_ascii=False),
            }
        ],
    }
    assert "<title>&lt;/script&gt;" in page
    assert 'href="/&quot;x/icon.svg"' in page
    assert "<script>alert" not in page


def test_the_workers_keep_the_names_that_the_page_asks_for():
    names = {path.stem for path in ASSETS_DIRECTORY.iterdir()}
    assert {"editor.worker.js", "graphql.worker.js", "json.worker.js", "LICENSES.txt"} <= names
    assert all(path.suffix == ".gz" for path in ASSETS_DIRECTORY.iterdir())


@pytest.mark.parametrize(
    ("debug", "logged"),
    [
        (False, [("/graphql", "info")]),
        (True, [("/graphql", "info"), ("/graphiql/icon.svg", "debug"), ("/graphiql/none.js", "debug")]),
    ],
)
async def test_the_access_log_tells_of_assets_at_the_level_debug_only(application, debug, logged):
    stream = io.StringIO()
    log = AccessLog(LineWriter(Settings(_env_file=None, log_format=LogFormat.JSON), stream), debug=debug)
    edge = EdgeMiddleware(application, request_timeout_s=30, metrics=Metrics(), access_log=log)
    transport = httpx.ASGITransport(edge)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
        for path in ("/graphql", "/graphiql/icon.svg", "/graphiql/none.js"):
            await http.get(path, headers={"accept": "text/html"})
    log.flush()

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["path"], line["level"]) for line in lines] == logged
