"""Which changes of values concern which watchers."""

import random
import sys
from itertools import product

import pytest

from ecoctrl_gql.workflows.triggers.watches import WatchIndex, WatchPath, WatchPathError

OBJECT = "0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52"


@pytest.mark.parametrize(
    ("text", "watched"),
    [
        ("objects.*.points.*.*", True),
        (f"objects.{OBJECT}.points.P1.value", True),
        (f"objects.{OBJECT.upper()}.points.P1.value", True),
        ("objects.*.values.P1.value", True),
        ("objects.*.points.P1.value.and.more", True),
        ("objects.*.points.P2.*", False),
        ("objects.*.points.*.other", False),
        ("objects.*.points.p1.*", False),
        ("objects.7d4f2f6e-31a5-4c1c-8f0e-2b8f8a0f9c11.points.*.*", False),
    ],
)
def test_a_path_matches_by_its_first_five_parts(text, watched):
    path = WatchPath.parse(text)
    index = WatchIndex()
    index.set("w", [path])

    assert path.matches(OBJECT, "P1", "value") is watched
    assert index.watchers_of(OBJECT, "P1", "value") == (["w"] if watched else [])


@pytest.mark.parametrize(
    "text",
    [
        *("", "objects.*", "objects.*.points.*"),
        *("alerts.*.points.*.*", "objects.*.x.*.*", "objects..points.a.b"),
    ],
)
def test_other_forms_are_no_paths(text):
    with pytest.raises(WatchPathError):
        WatchPath.parse(text)


def test_the_index_finds_what_the_paths_match():
    choice = random.Random(7)  # seeded
    values = ["*", "a", "b", "c"]
    paths = {n: [WatchPath(*choice.choices(values, k=3)) for _ in range(2)] for n in range(60)}
    index = WatchIndex()
    for number, watched in paths.items():
        index.set(number, watched)
    for number in range(0, 60, 3):
        index.set(number, paths[number][:1])
        paths[number] = paths[number][:1]
    for number in range(1, 60, 3):
        index.remove(number)
        del paths[number]
    index.remove("never there")

    for change in product("abcd", repeat=3):
        expected = {
            number for number, watched in paths.items() if any(path.matches(*change) for path in watched)
        }
        found = index.watchers_of(*change)
        assert set(found) == expected
        assert len(found) == len(expected)


def test_many_watchers_of_others_cost_nothing():
    few, many = (filled(number) for number in (10, 20_000))

    assert steps_of(many) < 2 * steps_of(few)  # not equal: two paths may share a place of the table


def filled(number):
    index = WatchIndex()
    for watcher in range(number):
        index.set(watcher, [WatchPath("*", f"P{watcher}", "value")])
    return index


def steps_of(index):
    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1
        return count

    sys.settrace(count)
    try:
        assert index.watchers_of(OBJECT, "P3", "value") == [3]
    finally:
        sys.settrace(None)
    return steps
