"""Documents and their validation results by query text; both cost more than many an answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
)
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document
from strawberry.types import ExecutionContext

from ecoctrl_gql.engine.lru import LruCache
from ecoctrl_gql.engine.prepared import PreparedOperation

_Key: TypeAlias = tuple[Any, ...]

Check: TypeAlias = Callable[[DocumentNode], list[GraphQLError]]
Admit: TypeAlias = Callable[[Schema, DocumentNode, str | None, Any], list[GraphQLError]]


AMBIGUOUS = "The query holds several operations: say which one to run by operationName."


class Operation:
    """A parsed text; its errors are None until it has been validated."""

    __slots__ = ("_prepared", "document", "errors")

    def __init__(self, document: DocumentNode) -> None:
        self.document = document
        self.errors: list[GraphQLError] | None = None
        self._prepared: dict[str | None, PreparedOperation | None] = {}

    def prepared(self, schema: Schema, name: str | None) -> PreparedOperation | None:
        """
        The operation of that name, or the only one, made ready; None for what has to go Strawberry's way.

        Names that the text does not hold are not remembered: there is no end to them.
        """
        if name not in self._prepared:
            prepared = PreparedOperation.of(schema, self.document, name)
            if prepared is None:
                return None
            self._prepared[name] = prepared
        return self._prepared[name]


class OperationCache:
    """
    For ``strawberry.Schema(extensions=[OperationCache()])``: each text is parsed and validated once.

    A text gives the same document object again, by which the plans are found. Parse options and
    validation rules that other extensions set are part of the key, so they should be the same objects
    from request to request; extensions that set them have to come first.

    Args:
        size: How many texts are kept, those used last.
        longest: Texts with more characters are not kept: a document is many times as large as its text.
        parse_options: What graphql-core's parser is told.
        check: Says what is wrong with a document before it is validated; asked once a text.
        admit: Says why a valid operation may not run, given the schema, the document, the operation's name
            and the context; asked for every request.
        rules: Validation rules besides the specification's.
    """

    def __init__(
        self,
        size: int = 1000,
        longest: int = 20_000,
        *,
        parse_options: Mapping[str, Any] | None = None,
        check: Check | None = None,
        admit: Admit | None = None,
        rules: tuple[type[ASTValidationRule], ...] = (),
    ) -> None:
        self._operations: LruCache[_Key, Operation] = LruCache(size)
        self._valid: LruCache[tuple[Schema, str], Operation] = LruCache(size)
        self._longest = longest
        self.parse_options = dict(parse_options or {})
        self.check, self.admit, self.rules = check, admit, rules

    def __len__(self) -> int:
        return len(self._operations)

    def __call__(self) -> SchemaExtension:
        """The extension of one request."""
        return _Remember(self)

    def valid(self, schema: Schema, text: str) -> Operation | None:
        """A text that was found valid before, by a schema that has no other extension."""
        return self._valid.get((schema, text))

    def note_valid(self, schema: Schema, text: str, operation: Operation) -> None:
        if len(text) <= self._longest:
            self._valid.put((schema, text), operation)

    def find(self, key: _Key) -> Operation | None:
        return self._operations.get(key)

    def add(self, key: _Key, text: str, document: DocumentNode) -> Operation:
        operation = Operation(document)
        return self._operations.put(key, operation) if len(text) <= self._longest else operation


class _Remember(SchemaExtension):
    def __init__(self, cache: OperationCache) -> None:
        self._cache = cache
        self._operation: Operation | None = None

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        text = context.query
        if not text or context.graphql_document is not None:
            yield
            return
        if self._cache.parse_options:
            vars(context)["parse_options"] = self._cache.parse_options | context.parse_options
        options = tuple(context.parse_options.items())
        key = (context.schema, text, context.validation_rules, options)
        self._operation = self._cache.find(key)
        if self._operation is not None:
            context.graphql_document = self._operation.document
        yield
        document = context.graphql_document
        if self._operation is None and document is not None:
            self._operation = self._cache.add(key, text, document)

    def on_validate(self) -> Iterator[None]:
        context, operation = self.execution_context, self._operation
        if operation is not None and context.pre_execution_errors is None:
            if operation.errors is None:
                operation.errors = self._validate(operation.document)
            if not operation.errors and context.query:
                self._cache.note_valid(context.schema, context.query, operation)
            context.pre_execution_errors = list(operation.errors)
        if not context.pre_execution_errors and _is_ambiguous(context):
            context.pre_execution_errors = [GraphQLError(AMBIGUOUS)]
        admit = self._cache.admit
        if admit is not None and not context.pre_execution_errors and context.graphql_document is not None:
            context.pre_execution_errors = admit(
                context.schema, context.graphql_document, context.operation_name, context.context
            )
        yield

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        context, check = self.execution_context, self._cache.check
        if check is not None and (errors := check(document)):
            return errors
        if not context.validation_rules:
            return []
        rules = (*context.validation_rules, *self._cache.rules)
        return validate_document(context.schema._schema, document, rules)


def _is_ambiguous(context: ExecutionContext) -> bool:
    """Whether there are several operations and none is named; Strawberry would run the first."""
    document = context.graphql_document
    if document is None or context._provided_operation_name is not None:
        return False
    return sum(isinstance(part, OperationDefinitionNode) for part in document.definitions) > 1
