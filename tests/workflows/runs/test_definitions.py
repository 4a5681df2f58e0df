"""How many documents a process remembers."""

from ecoctrl_gql.workflows.dsl.validation import parse
from ecoctrl_gql.workflows.runs.definitions import KEPT, RememberedDocuments
from tests.workflows.dsl.building import around

DOCUMENT = parse(around())


def test_what_was_not_used_for_longest_is_forgotten_where_documents_are_long():
    remembered = RememberedDocuments(bytes_kept=100)
    for version in (1, 2, 3):
        remembered.put("w", version, DOCUMENT, 30)
    assert remembered.get("w", 1) is DOCUMENT

    remembered.put("w", 4, DOCUMENT, 40)

    assert [remembered.get("w", version) for version in (1, 2, 3, 4)] == [DOCUMENT, None, DOCUMENT, DOCUMENT]


def test_one_that_is_longer_than_all_may_be_is_remembered_alone():
    remembered = RememberedDocuments(bytes_kept=100)
    remembered.put("w", 1, DOCUMENT, 50)

    remembered.put("w", 2, DOCUMENT, 500)

    assert (remembered.get("w", 1), remembered.get("w", 2)) == (None, DOCUMENT)
    remembered.put("w", 3, DOCUMENT, 50)
    assert (remembered.get("w", 2), remembered.get("w", 3)) == (None, DOCUMENT)


def test_what_is_read_twice_at_the_same_time_counts_once():
    remembered = RememberedDocuments(bytes_kept=100)

    for _ in range(9):
        remembered.put("w", 1, DOCUMENT, 60)
    remembered.put("w", 2, DOCUMENT, 40)

    assert len(remembered) == 2


def test_short_ones_are_bounded_by_number():
    remembered = RememberedDocuments()

    for version in range(KEPT + 5):
        remembered.put("w", version, DOCUMENT, 1)

    assert len(remembered) == KEPT
