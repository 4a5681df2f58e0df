"""
Breadth-first, columnar execution of GraphQL operations behind Strawberry's own switch.

``strawberry.Schema(query, execution_context_class=ColumnarExecutor, extensions=[OperationCache()])``.
Left out, everything runs as before: ``batched`` and ``bulk_coercion`` change no answer.
"""

from ecoctrl_gql.engine.batching import batched
from ecoctrl_gql.engine.executor import Columnar, ColumnarExecutor
from ecoctrl_gql.engine.handover import Handover, StockExecutor
from ecoctrl_gql.engine.leaves import bulk_coercion, iso_datetimes, json_strings
from ecoctrl_gql.engine.operations import OperationCache
from ecoctrl_gql.engine.rules import FieldRule
from ecoctrl_gql.engine.schema import PreparedSchema

__all__ = [
    "Columnar",
    "ColumnarExecutor",
    "FieldRule",
    "Handover",
    "OperationCache",
    "PreparedSchema",
    "StockExecutor",
    "batched",
    "bulk_coercion",
    "iso_datetimes",
    "json_strings",
]
