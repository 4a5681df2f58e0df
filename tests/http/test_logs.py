import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from ecoctrl_gql.config import LogFormat, Settings
from ecoctrl_gql.logs import REDACTED, configure_logging, current_request_id

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123"
FORGED = '{"event":"forged"}'


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = before


def configure(stream: io.StringIO, log_format: LogFormat | None, level: str = "info") -> None:
    configure_logging(Settings(_env_file=None, log_format=log_format, log_level=level), stream)


def test_json_is_the_format_away_from_terminals(stream: io.StringIO):
    configure(stream, None)
    structlog.stdlib.get_logger("ecoctrl.test").info("Done", count=3)

    [line] = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {"event": "Done", "count": 3, "level": "info", "logger": "ecoctrl.test"}


def test_other_libraries_loggers_come_out_the_same_way(stream: io.StringIO):
    configure(stream, LogFormat.JSON)
    current_request_id.set("r-1")
    logging.getLogger("strawberry.ws").warning("Rejected %r", "x\ny")
    logging.getLogger("uvicorn.access").info("a line that our own replaces")
    current_request_id.set(None)

    [line] = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "Rejected 'x\\ny'"
    assert json.loads(line)["request_id"] == "r-1"


def test_levels_are_kept(stream: io.StringIO):
    configure(stream, LogFormat.JSON, "warning")
    structlog.stdlib.get_logger("ecoctrl.test").info("not this")
    structlog.stdlib.get_logger("ecoctrl.test").warning("this")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["this"]


@pytest.mark.parametrize("log_format", list(LogFormat))
def test_nothing_starts_a_line_of_its_own(stream: io.StringIO, log_format: LogFormat):
    configure(stream, log_format)
    evil = f"x\n{FORGED}\r{FORGED}\u2028{FORGED}\x1b[31m\x85{FORGED}"
    log = structlog.stdlib.get_logger("ecoctrl.test")
    log.info(evil, value=evil)
    logging.getLogger("other").warning("%s", evil)
    log.error("Failed", exc_info=ValueError(evil))

    lines = stream.getvalue().splitlines()
    assert not [line for line in lines if line.startswith(FORGED)]
    assert "\x1b" not in stream.getvalue()
    if log_format is LogFormat.JSON:
        assert [json.loads(line)["event"] for line in lines] == [evil, evil, "Failed"]


@pytest.mark.parametrize("log_format", list(LogFormat))
@pytest.mark.parametrize(
    ("event", "values"),
    [
        ("x", {"authorization": "hidden-1"}),
        ("x", {"Set-Cookie": "hidden-1"}),
        ("x", {"headers": {"Authorization": "hidden-1"}}),
        ("x", {"input": {"login": "a", "newPassword": "hidden-1"}}),
        ("x", {"items": [{"refreshToken": "hidden-1"}]}),
        ("x", {"smtp_pass": "hidden-1"}),
        ("with Bearer hidden-1", {}),
        ("x", {"reason": "postgresql://user:hidden-1@host/name"}),
        ("x", {"reason": "password='hidden-1'"}),
        ("x", {"reason": '{"refreshToken": "hidden-1"}'}),
        (f"x {TOKEN.replace('abc', 'hidden-1')} y", {}),
    ],
)
def test_secrets_are_not_written(stream: io.StringIO, log_format: LogFormat, event: str, values: dict):
    configure(stream, log_format)
    structlog.stdlib.get_logger("ecoctrl.test").info(event, **values)

    assert "hidden-1" not in stream.getvalue()
    assert REDACTED in stream.getvalue()


def test_harmless_addresses_are_written(stream: io.StringIO):
    configure(stream, LogFormat.JSON)
    structlog.stdlib.get_logger("ecoctrl.test").info("Listening on http://127.0.0.1:8000/ and [::1]:8000")

    assert "http://127.0.0.1:8000/" in stream.getvalue()
