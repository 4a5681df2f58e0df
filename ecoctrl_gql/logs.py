"""
Logs: lines for people on a terminal, else one JSON object a line.

The standard library's loggers (uvicorn, Strawberry) come out the same way. No value starts a line of
its own, and none that looks like a password or token is written.
"""

import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ecoctrl_gql.config import LogFormat, Settings

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)

REDACTED: Final = "[redacted]"

_SECRET_NAME = re.compile(
    r"authorization|cookie|pass(w|phrase|$)|secret|token|api_?key|credential", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"(?P<before>\bBearer\s+|://[^\s/:@]*:(?=[^\s/@]+@))[^\s@\"']+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?P<name>(?:password|passwd|secret|token|api_?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;)}]+",
    re.IGNORECASE,
)
# Line breaks of all kinds, and what drives terminals.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_JSON_CONTROLS = {code: f"\\u{code:04x}" for code in (*range(0x80, 0xA0), 0x2028, 0x2029)}
_CONTROLS |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs to ``stream`` (standard error), as the settings want them."""
    stream = stream or sys.stderr
    as_console = _as_console(settings.log_format, stream)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(as_console, stream),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.getLogger("uvicorn.access").disabled = True
    # They tell of each request, httpx with its whole address and httpcore with the headers of the answer.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    # Alembic tells of each migration; so do the commands, in words of their own.
    logging.getLogger("alembic").setLevel(logging.WARNING)


class LineWriter:
    """Writes finished entries straight to the stream: logging's machinery costs ten times as much."""

    def __init__(self, settings: Settings, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        as_console = _as_console(settings.log_format, self._stream)
        self._processors = _rendering(as_console, self._stream) if as_console else None

    def write(self, entries: Iterable[dict[str, Any]]) -> None:
        self._stream.write("".join(f"{self._render(entry)}\n" for entry in entries))
        self._stream.flush()

    def _render(self, entry: dict[str, Any]) -> str:
        if self._processors is None:
            return to_json(entry)
        line: Any = {**entry, "timestamp": entry["timestamp"].isoformat(timespec="milliseconds")}
        for processor in self._processors:
            line = processor(None, "info", line)
        return str(line)


def to_json(entry: object, **_: object) -> str:
    line = orjson.dumps(entry, default=str, option=orjson.OPT_UTC_Z).decode()
    return line if line.isascii() else line.translate(_JSON_CONTROLS)


def _as_console(log_format: LogFormat | None, stream: TextIO) -> bool:
    return stream.isatty() if log_format is None else log_format is LogFormat.CONSOLE


def _rendering(as_console: bool, stream: TextIO) -> list[Processor]:
    clean: list[Processor] = [structlog.processors.format_exc_info, redact]
    if not as_console:
        return [*clean, structlog.processors.JSONRenderer(serializer=to_json)]
    return [*clean, escape_controls, structlog.dev.ConsoleRenderer(colors=stream.isatty())]


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    request_id = current_request_id.get()
    if request_id is not None:
        event.setdefault("request_id", request_id)
    return event


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out values that are secret by their name, and what looks like a secret in the others."""
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _redacted(str(inner), content) for inner, content in value.items()}
    if _SECRET_NAME.search(name):
        return REDACTED
    if isinstance(value, list | tuple):
        return [_redacted("", item) for item in value]
    return _SECRET_TEXT.sub(_blank, value) if isinstance(value, str) else value


def _blank(match: re.Match[str]) -> str:
    return f"{match['before'] or match['name'] or ''}{REDACTED}"


def escape_controls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep every value on its line; the lines of a traceback are marked as such."""
    return {name: _marked(value) if name == "exception" else _escaped(value) for name, value in event.items()}


def _escaped(value: Any) -> Any:
    return value.translate(_CONTROLS) if isinstance(value, str) else value


def _marked(trace: str) -> str:
    # An exception's own text may hold line breaks, so each line tells what it belongs to.
    return "\n".join(f"  | {line.translate(_CONTROLS)}" for line in trace.split("\n"))
