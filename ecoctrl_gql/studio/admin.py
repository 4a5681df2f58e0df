"""The studio's application, put together; importing this module imports the admin library."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp
from starlette_admin.contrib.sqla import Admin
from starlette_admin.contrib.sqla.types import SessionProvider
from starlette_admin.export import ExportConfig
from starlette_admin.views import DropDown

import ecoctrl_gql.schema  # noqa: F401  # it makes the types known, by which rows have global ids
from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.failures import UNAVAILABLE
from ecoctrl_gql.db.studio_engine import NoFreeConnectionError, studio_engine, studio_sessions
from ecoctrl_gql.db.studio_tables import studio_tables
from ecoctrl_gql.errors import BadInputError, EcoctrlError
from ecoctrl_gql.studio.guard import Guard
from ecoctrl_gql.studio.login import StudioLogin
from ecoctrl_gql.studio.menu import Group, grouped
from ecoctrl_gql.studio.pages import TEMPLATES, Overview, template_loaders
from ecoctrl_gql.studio.views import TableView

PATH = "/studio"
TITLE = "EcoCtrl studio"
EXPORTED_ROWS = 10_000
"""More would keep the event loop from the server's other requests for seconds."""


def build(settings: Settings, database: Database) -> tuple[ASGIApp, Callable[[], Awaitable[None]]]:
    """The application for all paths under `PATH`, and what closes its connections."""
    engine = studio_engine(database.conninfo, statement_timeout_s=settings.request_timeout_s)
    keys = Keys(settings.secret_key())
    tables = {table.name: table for table in studio_tables()}
    groups = [
        (group, [TableView(tables[name], *called, keys) for name, called in group.tables.items()])
        for group in grouped(list(tables))
    ]
    admin = _admin(settings, database, studio_sessions(engine), groups)
    app = Starlette()
    admin.mount_to(app)
    _answer_errors(admin)
    _quiet_log()
    return Guard(app, settings.public_url), engine.dispose


def _admin(
    settings: Settings,
    database: Database,
    sessions: SessionProvider,
    groups: list[tuple[Group, list[TableView]]],
) -> Admin:
    key = hmac.new(settings.secret_key().encode(), b"ecoctrl studio", hashlib.sha256).hexdigest()
    admin = Admin(
        sessions,
        title=TITLE,
        base_url=PATH,
        route_name="studio",
        templates_dir=str(TEMPLATES),
        additional_loaders=template_loaders(),
        index_view=Overview([(group.label, views) for group, views in groups]),
        auth_provider=StudioLogin(key, database),
        secret_key=key,
        export_config=ExportConfig(max_rows=EXPORTED_ROWS),
    )
    for group, views in groups:
        admin.add_view(DropDown(group.label, list(views), icon=group.icon))
    return admin


def _answer_errors(admin: Admin) -> None:
    async def page(request: Request, error: Exception) -> Response:
        return await admin._render_error(request, HTTPException(*_told(error)))

    async def sentence(_request: Request, error: Exception) -> Response:
        status, text = _told(error)
        return PlainTextResponse(text, status)

    admin.app.add_exception_handler(EcoctrlError, page)
    admin.app.add_exception_handler(Exception, sentence)  # what fails before a page can be drawn


def _told(error: Exception) -> tuple[int, str]:
    """The HTTP status and the sentence for an error."""
    match error:
        case HTTPException():
            return error.status_code, error.detail
        case BadInputError():
            return 400, error.message
        case EcoctrlError():
            return 503, error.message
        case NoFreeConnectionError():
            return 503, UNAVAILABLE
        case _:
            return 500, "Something went wrong; the server's log tells what."


def _quiet_log() -> None:
    """What a person enters wrongly is told to them; the library would log it as a failure with its trace."""
    logging.getLogger("starlette_admin.contrib.sqla.view").addFilter(_is_failure)


def _is_failure(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, EcoctrlError)
