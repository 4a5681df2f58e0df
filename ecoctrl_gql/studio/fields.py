"""A column's field: how it is shown, edited, filtered and checked."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette_admin import RequestAction
from starlette_admin.contrib.sqla.filters import EqualFilter, IsNotNullFilter, IsNullFilter, NotEqualFilter
from starlette_admin.fields import (
    BaseField,
    BooleanField,
    DateField,
    DateTimeField,
    EnumField,
    FloatField,
    IntegerField,
    StringField,
    TextAreaField,
)
from starlette_admin.helpers import static_url
from starlette_admin.validators import uuid

from ecoctrl_gql.db.studio_tables import ColumnFacts, Kind
from ecoctrl_gql.studio.values import FORMS, reader, refuse_unreadable, writer

KEPT_BY_THE_SERVER = frozenset({"created_at", "updated_at"})

_KEY_FILTERS = [EqualFilter, NotEqualFilter, IsNullFilter, IsNotNullFilter]


@dataclass
class ReferenceField(StringField):
    """The key of a row of another table: a link where it is shown, a searchable choice where it is edited."""

    key: str = ""
    multiple: bool = False
    form_template: str = "fields/form/relation.html"
    list_template: str = "studio/reference.html"
    detail_template: str = "studio/reference.html"

    def additional_css_links(self, request: Request) -> list[str]:
        if not self._needs_form_assets(request):
            return []
        return [static_url(request, "css/vendor/select2.min.css", v="4.1.0")]

    def additional_js_links(self, request: Request) -> list[str]:
        if not self._needs_form_assets(request):
            return []
        return [static_url(request, "js/vendor/select2.min.js", v="4.1.0")]


_TYPES: dict[Kind, type[BaseField]] = {
    Kind.UUID: StringField,
    Kind.TEXT: StringField,
    Kind.LONG_TEXT: TextAreaField,
    Kind.BOOLEAN: BooleanField,
    Kind.INTEGER: IntegerField,
    Kind.FLOAT: FloatField,
    Kind.DATETIME: DateTimeField,
    Kind.DATE: DateField,
}


def field_for(column: ColumnFacts) -> BaseField:
    options = _common(column)
    if column.references is not None:
        return ReferenceField(**options, key=column.references, filters=_KEY_FILTERS)
    match column.kind:
        case Kind.CHOICE:
            return EnumField(**options, choices=[(choice, choice) for choice in column.choices])
        case Kind.JSON:
            return TextAreaField(**options, rows=12)
        case Kind.TEXT:
            return StringField(**options, maxlength=column.length)
        case Kind.UUID:
            return StringField(**options, filters=_KEY_FILTERS)
        case kind:
            return _TYPES[kind](**options)


def _common(column: ColumnFacts) -> dict[str, Any]:
    kept = column.name in KEPT_BY_THE_SERVER
    is_json = column.kind is Kind.JSON
    return {
        "name": column.name,
        "label": column.name.rstrip("_").replace("_", " ").capitalize(),
        "help_text": _help(column),
        "required": column.required,
        "default": _default(column),
        "validators": [refuse_unreadable, *([uuid()] if column.kind is Kind.UUID else [])],
        "parser": {} if column.kind is Kind.BOOLEAN else dict.fromkeys(FORMS, reader(column)),
        "formatter": {
            action: written for action in RequestAction if (written := writer(column, action)) is not None
        },
        "exclude_from_list": is_json,
        "exclude_from_create": kept,
        "exclude_from_edit": kept or column.primary_key,
    }


def _help(column: ColumnFacts) -> str:
    if column.kind is Kind.BOOLEAN or not column.has_default or column.primary_key:
        return column.help
    return f"{column.help} Left empty, it takes its default."


def _default(column: ColumnFacts) -> Any:
    """What a new row's form is filled with; JSON's is the value, a text's the text."""
    if column.default is None:
        return None
    match column.kind:
        case Kind.BOOLEAN:
            return column.default == "true"
        case Kind.JSON | Kind.INTEGER | Kind.FLOAT:
            return json.loads(column.default)
        case _:
            return column.default
