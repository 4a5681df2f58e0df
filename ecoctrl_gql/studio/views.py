"""A table's pages: list, row, forms and export."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import RequestAction
from starlette_admin.actions import ActionSelection
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.export import BaseExporter
from starlette_admin.export.csv import CsvExporter
from starlette_admin.fields import BaseField
from starlette_admin.flash import flash
from typing_extensions import override

from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.studio_engine import blamed_columns
from ecoctrl_gql.db.studio_rows import changed_names, fill_blanks, matches, note, readable_rows, touch
from ecoctrl_gql.db.studio_tables import Kind, TableFacts
from ecoctrl_gql.errors import EcoctrlError, ForbiddenError
from ecoctrl_gql.logs import current_request_id
from ecoctrl_gql.studio.access import (
    actor,
    may_open,
    outranks,
    require_may_change,
    require_may_store,
    require_not_oneself,
)
from ecoctrl_gql.studio.definitions import DEFINITIONS, show_sealed
from ecoctrl_gql.studio.fields import field_for
from ecoctrl_gql.studio.values import stored

NEWEST_FIRST = ("time", "reading_at", "started_at", "created_at")
IN_ORDER = ("sort_order", "name", "title")
NAMES = ("name", "title", "username", "task", "device", "metric_key", "platform_name")
"""The columns that say in a word what a row is, best first."""

CHANGING = (RequestAction.EDIT, RequestAction.ACTION, RequestAction.ROW_ACTION)

log = structlog.get_logger("ecoctrl.studio")


class JsonCellsExporter(CsvExporter):
    """CSV whose jsonb cells are JSON and whose cells no spreadsheet takes for formulas."""

    def __init__(self) -> None:
        super().__init__(escape_formulas=True)

    async def generate(self, fields: list[BaseField], rows: list[dict[str, Any]]) -> bytes:
        return await super().generate(fields, [{name: _cell(row[name]) for name in row} for row in rows])


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


class TableView(ModelView):
    """The pages of one table, in which its secret columns do not occur."""

    importers: Sequence[Any] = ()
    exporters: Sequence[BaseExporter | str] = (JsonCellsExporter(), "json")
    page_size = 25
    page_size_options: Sequence[int] = (10, 25, 50, 100)

    def __init__(self, table: TableFacts, label: str, noun: str, keys: Keys) -> None:
        self.table = table
        # a uuid says nothing to people: it comes last
        columns = sorted(table.columns, key=lambda column: column.primary_key and column.kind is Kind.UUID)
        self.fields = [field_for(column) for column in columns]
        for field in self.fields:
            if (table.name, field.name) in DEFINITIONS:
                show_sealed(field, keys)
        self.fields_default_sort = [_default_sort(table)]
        self.show_pk_in_forms = any(column.primary_key and column.required for column in table.columns)
        super().__init__(table.row_type, key=table.name, menu_label=label, display_name=noun)

    @override
    def is_accessible(self, request: Request) -> bool:
        return may_open(request, self.table)

    @override
    def can_create(self, request: Request) -> bool:
        return self.table.creatable

    @override
    def can_import(self, request: Request) -> bool:
        return False

    @override
    def get_list_query(self, request: Request) -> Any:
        action = request.state.action
        names = self.table.light_names if action is RequestAction.LIST else self.table.names
        # what is about to change is locked, so that the rules judge what they change
        return readable_rows(self.table, names, lock=request.method == "POST" and action in CHANGING)

    @override
    def get_search_query(self, request: Request, term: str) -> Any:
        return matches(self.table, term)

    @override
    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        row = await super().find_by_pk(request, pk) if self._is_key(pk) else None
        if row is not None and request.state.action is RequestAction.EDIT:
            try:
                await require_may_change(request, self.table, row)
            except ForbiddenError as error:
                raise HTTPException(403, error.message) from error
        return row

    @override
    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Any]:
        return await super().find_by_pks(request, [pk for pk in pks if self._is_key(pk)])

    def _is_key(self, pk: Any) -> bool:
        key = next(column for column in self.table.columns if column.primary_key)
        try:
            UUID(pk) if key.kind is Kind.UUID else int(pk)
        except (TypeError, ValueError):
            return False
        return True

    @override
    async def validate(self, request: Request, data: dict[str, Any]) -> None:
        editing = request.state.action is RequestAction.EDIT
        old = await self.find_by_pk(request, request.query_params.get("pk")) if editing else None
        for field in self.get_fields_list(request):
            value = getattr(old, field.name, None)
            shown = None if value is None else await self.serialize_field_value(value, field, request)
            data[field.name] = stored(data[field.name], shown, value)

    @override
    async def before_create(self, request: Request, data: dict[str, Any], obj: Any) -> None:
        await require_may_store(request, self.table, obj, self.table.names)
        fill_blanks(self.table, obj)

    @override
    async def before_edit(self, request: Request, data: dict[str, Any], obj: Any) -> None:
        request.state.changed = sorted(changed_names(obj))
        await require_may_store(request, self.table, obj, request.state.changed)
        fill_blanks(self.table, obj)
        touch(obj)

    @override
    async def before_delete(self, request: Request, obj: Any) -> None:
        require_not_oneself(request, self.table, obj)
        await require_may_change(request, self.table, obj)

    @override
    async def after_create(self, request: Request, obj: Any) -> None:
        self._note(request, "created", obj)

    @override
    async def after_edit(self, request: Request, obj: Any) -> None:
        if request.state.changed:
            self._note(request, "changed", obj, changed=request.state.changed)

    @override
    async def after_delete(self, request: Request, obj: Any) -> None:
        self._note(request, "deleted", obj)

    def _note(self, request: Request, what: str, row: Any, **details: Any) -> None:
        """Tell the audit log; of a user with the role, which is what it is asked for most."""
        if self.table.name == "users":
            details |= {"username": row.username, "role": row.role}
        by = actor(request)
        note(
            request.state.session,
            f"studio.{self.table.name}.{what}",
            global_id(self.table.row_type, getattr(row, self.table.key)),
            details,
            actor_id=by.id,
            actor_name=by.username,
            address=request.client.host[:64] if request.client else None,
            request_id=current_request_id.get(),
        )

    @override
    async def after_create_committed(self, request: Request, obj: Any) -> None:
        self._log(request, "row created", obj)

    @override
    async def after_edit_committed(self, request: Request, obj: Any) -> None:
        self._log(request, "row changed", obj)

    @override
    async def after_delete_committed(self, request: Request, obj: Any) -> None:
        self._log(request, "row deleted", obj)

    def _log(self, request: Request, event: str, row: Any) -> None:
        key = str(getattr(row, self.table.key))
        log.info(event, table=self.table.name, key=key, by=actor(request).username)

    @override
    async def handle_exception(self, request: Request, exc: Exception) -> None:
        """Bring the form back with a sentence where the person can repair what went wrong."""
        if not isinstance(exc, EcoctrlError):
            raise exc
        flash(request, exc.message, "error")
        blamed = [name for name in blamed_columns(exc.__cause__) if name in self.table.names]
        raise FormValidationError(dict.fromkeys(blamed, exc.message)) from exc

    @override
    async def handle_action(self, request: Request, selection: ActionSelection, name: str) -> Response | None:
        try:
            return await super().handle_action(request, selection, name)
        except EcoctrlError as error:
            raise ActionFailed(error.message) from error

    @override
    async def handle_row_action(self, request: Request, pk: Any, name: str) -> Response | None:
        try:
            return await super().handle_row_action(request, pk, name)
        except EcoctrlError as error:
            raise ActionFailed(error.message) from error

    @override
    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if self.table.name == "users" and name in ("edit", "delete"):
            return outranks(actor(request).role, obj.role)
        return True

    @override
    async def repr(self, obj: Any, request: Request) -> str:
        name = next((name for name in NAMES if name in self.table.names), self.table.key)
        return str(getattr(obj, name))

    @override
    async def select2_result(self, obj: Any, request: Request) -> str:
        return f"<span>{escape(await self.repr(obj, request))}</span>"


def _default_sort(table: TableFacts) -> tuple[str, bool]:
    newest = next((name for name in NEWEST_FIRST if name in table.names), None)
    if newest is not None:
        return newest, True
    return next((name for name in IN_ORDER if name in table.names), table.key), False
