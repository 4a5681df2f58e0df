"""
Resolving a field for a whole column of parents.

Plain fields are read by attribute; resolvers without extensions are called directly, their arguments
converted once; batch resolvers are called once. Everything else goes through the resolver that
Strawberry, or whoever made the schema, attached: parent by parent with an ``info`` of its own.
"""

from collections.abc import Callable, Coroutine
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import GraphQLField, GraphQLSchema
from graphql.type import TypeNameMetaFieldDef
from strawberry import Info, Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from ecoctrl_gql.engine.batching import Batch
from ecoctrl_gql.engine.info import Axis, FieldAxis
from ecoctrl_gql.engine.inputs import ArgumentConversion
from ecoctrl_gql.engine.leaves import Column
from ecoctrl_gql.engine.rules import FieldRule, is_rule
from ecoctrl_gql.engine.run import Run, is_immutable

if TYPE_CHECKING:
    from ecoctrl_gql.engine.plan import Field

Later: TypeAlias = Coroutine[Any, Any, Column]
"""A column that a batch resolver has yet to give."""

Resolution: TypeAlias = "Callable[[Run, Field, Column, Axis], Column | Later]"
"""Maps parents to the field's values; an exception stands for the value of a parent that failed."""


def resolution(definition: GraphQLField, schema: GraphQLSchema) -> Resolution:
    """The fastest way to resolve the field that does all that its own resolver would."""
    if definition is TypeNameMetaFieldDef:
        return _type_name
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    owner = getattr(schema, "_strawberry_schema", None)
    if not isinstance(field, StrawberryField) or not isinstance(owner, Schema) or _is_special(field, owner):
        return _parent_by_parent
    rules = [extension for extension in reversed(field.extensions) if isinstance(extension, FieldRule)]
    if field.base_resolver is not None:
        resolve: Resolution = _Resolver(field, field.base_resolver, owner)
    elif owner.config.default_resolver is getattr:
        resolve = _attribute(field.python_name)
    else:
        resolve = _parent_by_parent
    return _ruled(field, rules, owner, resolve) if rules else resolve


def _is_special(field: StrawberryField, owner: Schema) -> bool:
    """Whether more belongs to the field than rules and reading an attribute or calling a function."""
    return bool(
        not all(is_rule(extension) for extension in field.extensions)
        or field.is_subscription
        or type(field).get_result is not StrawberryField.get_result
        or owner.schema_converter._get_field_exception_handlers(field)
        or (field.base_resolver is not None and not callable(field.base_resolver.wrapped_func))
    )


def _ruled(
    strawberry_field: StrawberryField, rules: list[FieldRule], owner: Schema, resolve: Resolution
) -> Resolution:
    """Ask the rules once, the outermost first, then resolve."""

    def resolve_if_permitted(run: Run, field: "Field", sources: Column, axis: Axis) -> Column | Later:
        if run.middleware is None:
            raw_info = run.cell_info(field, FieldAxis(axis, field), 0)
            info = owner.config.info_class(_raw_info=raw_info, _field=strawberry_field)
            try:
                for rule in rules:
                    rule.check(info)
            except Exception as error:  # becomes the error of every cell
                return [error] * len(sources)
        return resolve(run, field, sources, axis)

    return resolve_if_permitted


def _type_name(run: Run, field: "Field", sources: Column, axis: Axis) -> Column:
    if run.middleware is not None:
        return _parent_by_parent(run, field, sources, axis)
    return [field.parent_type.name] * len(sources)


def _parent_by_parent(run: Run, field: "Field", sources: Column, axis: Axis) -> Column:
    resolve = field.definition.resolve or run.executor.field_resolver
    if run.middleware is not None:
        resolve = run.middleware.get_field_resolver(resolve)
    axis = FieldAxis(axis, field)
    column: Column = []
    for index, source in enumerate(sources):
        try:
            info = run.cell_info(field, axis, index)
            column.append(resolve(source, info, **run.arguments(field)))
        except Exception as error:  # becomes the error of its cell
            column.append(error)
    return column


def _attribute(name: str) -> Resolution:
    get = attrgetter(name)

    def resolve(run: Run, field: "Field", sources: Column, axis: Axis) -> Column:
        if run.middleware is not None:
            return _parent_by_parent(run, field, sources, axis)
        column: Column = []
        values = map(get, sources)
        while True:  # an error takes its cell, then the same iterator goes on behind it
            try:
                column.extend(values)
            except Exception as error:  # becomes the error of its cell
                column.append(error)
            else:
                if len(column) == len(sources):
                    return column
                column.append(StopIteration())  # raised by a property, it looks like the end

    return resolve


class _Resolver:
    """A Strawberry resolver without extensions."""

    __slots__ = (
        "_batch",
        "_conversion",
        "_field",
        "_function",
        "_info_name",
        "_owner",
        "_parent_names",
        "_takes_self",
    )

    def __init__(self, field: StrawberryField, resolver: StrawberryResolver[Any], owner: Schema) -> None:
        self._field, self._owner = field, owner
        self._function = cast("Callable[..., Any]", resolver.wrapped_func)
        self._batch = Batch.of(self._function)
        self._takes_self = resolver.self_parameter is not None
        parents = (resolver.parent_parameter, resolver.root_parameter)
        self._parent_names = [parameter.name for parameter in parents if parameter is not None]
        self._conversion = ArgumentConversion(field.arguments, owner) if field.arguments else None
        self._info_name = resolver.info_parameter.name if resolver.info_parameter else None

    def __call__(self, run: Run, field: "Field", sources: Column, axis: Axis) -> Column | Later:
        if run.middleware is not None:
            return _parent_by_parent(run, field, sources, axis)
        axis = FieldAxis(axis, field)
        try:
            keywords = self._keywords(run, field, axis, 0)
        except Exception as error:  # becomes the error of every cell
            return [error] * len(sources)
        if self._batch is not None:
            info = self._info(run, field, axis, 0) if self._batch.wants_info else None
            return self._batch.column(sources, info, keywords)
        return self._call_for_each(run, field, sources, axis, keywords)

    def _call_for_each(
        self, run: Run, field: "Field", sources: Column, axis: Axis, keywords: dict[str, Any]
    ) -> Column:
        function, parent_names, info_name = self._function, self._parent_names, self._info_name
        converts_each = len(sources) > 1 and not is_immutable(keywords)
        column: Column = []
        for index, source in enumerate(sources):
            try:
                if converts_each and index:
                    keywords = self._keywords(run, field, axis, index)
                for name in parent_names:
                    keywords[name] = source
                if info_name is not None:
                    keywords[info_name] = self._info(run, field, axis, index)
                column.append(function(source, **keywords) if self._takes_self else function(**keywords))
            except Exception as error:  # becomes the error of its cell
                column.append(error)
        return column

    def _keywords(self, run: Run, field: "Field", axis: Axis, index: int) -> dict[str, Any]:
        if self._conversion is None:
            return {}
        return self._conversion.keywords(run.arguments(field), lambda: self._info(run, field, axis, index))

    def _info(self, run: Run, field: "Field", axis: Axis, index: int) -> Info[Any, Any]:
        return self._owner.config.info_class(_raw_info=run.cell_info(field, axis, index), _field=self._field)
