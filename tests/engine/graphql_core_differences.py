"""
The tests of graphql-core that the engine answers differently, each within what the specification permits.

Any other test that fails is a fault of the engine; a listed one that passes is to be taken off the list.
"""

OTHER_ERROR_KEPT = (
    "Of several errors below one position that becomes null, an answer need hold only one (section 6.4.4): "
    "stock keeps those that came first in time, the engine those that come first in the answer."
)
OTHER_ORDER = (
    "The order of errors is not specified: stock reports async errors when they happen, the engine in the "
    "order of the answer."
)
SIBLINGS_FINISH = (
    "Siblings of a field whose error nulled their parent may be cancelled (section 6.4.4) but need not be: "
    "the engine lets them finish, and runs async resolvers that were started before a sync error."
)
ITERATORS_LEFT = (
    "What happens to an iterator after an error is not specified: the engine reads it whole before its items "
    "are completed, so it neither drains it for awaitables after an error nor closes it early."
)

_EXECUTOR = "test_executor.py::describe_execute_handles_basic_execution_tasks::"
_ITERABLES = "test_lists.py::describe_execute_handles_abrupt_completion_in_synchronous_iterables::"
_ASYNC_ITERABLES = "test_lists.py::describe_execute_accepts_async_iterables_as_list_value::"
_NON_NULL = "test_nonnull.py::describe_execute_handles_non_nullable_types::"
_ONE_POSITION = _NON_NULL + "describe_handles_multiple_errors_for_a_single_response_position::"
_PARALLEL = "test_parallel.py::describe_parallel_execution::describe_cancel_on_exception::"
_CANCELLATION = "test_cancellation.py::describe_execute_cancellation::"

DIFFERENCES: dict[str, str] = {
    _ONE_POSITION + "nullable_and_non_nullable_root_fields_throw_nested_errors": OTHER_ERROR_KEPT,
    _ONE_POSITION + "slower_nullable_after_non_nullable_root_field": OTHER_ERROR_KEPT,
    _ONE_POSITION + "nullable_and_non_nullable_nested_fields_throw_nested_errors": OTHER_ERROR_KEPT,
    _ONE_POSITION + "slower_nullable_after_non_nullable_nested_field": OTHER_ERROR_KEPT,
    _ASYNC_ITERABLES + "handles_mixture_of_sync_and_async_errors_in_async_iterables": OTHER_ERROR_KEPT,
    _NON_NULL + "describe_nulls_a_complex_tree_of_nullable_fields_each::throws": OTHER_ORDER,
    _CANCELLATION + "stops_late_sibling_object_completion_after_non_null_bubbling": SIBLINGS_FINISH,
    _EXECUTOR + "handles_sync_errors_combined_with_async_ones": SIBLINGS_FINISH,
    _EXECUTOR + "handles_sync_errors_combined_with_async_ones_in_async_context": SIBLINGS_FINISH,
    _PARALLEL + "cancel_selection_sets": SIBLINGS_FINISH,
    _PARALLEL + "cancel_lists": SIBLINGS_FINISH,
    _PARALLEL + "cancel_async_iterators": SIBLINGS_FINISH,
    _ITERABLES + "handles_sync_errors_with_later_pending_awaitables": SIBLINGS_FINISH,
    _ITERABLES + "drains_the_iterator_when_next_throws": ITERATORS_LEFT,
    _ITERABLES + "handles_iterator_errors_with_later_pending_awaitables": ITERATORS_LEFT,
    _ASYNC_ITERABLES + "calls_aclose_when_non_null_list_item_errors": ITERATORS_LEFT,
}
