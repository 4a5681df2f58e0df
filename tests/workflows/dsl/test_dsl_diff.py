"""What differs between two documents."""

import copy

from ecoctrl_gql.workflows.dsl.diff import Change, Part, diff
from tests.workflows.dsl.building import around, documents, node

BASE = documents()["schedule-fetch-branch-mail"]


def changed(change):
    """The differences that a change of the example makes."""
    dsl = copy.deepcopy(BASE)
    change(dsl)
    return diff(BASE, dsl)


def test_equal_documents_do_not_differ():
    assert all(diff(dsl, copy.deepcopy(dsl)) == [] for dsl in documents().values())


def test_a_changed_config_is_told_where_it_changed():
    def change(dsl):
        dsl["nodes"][1]["config"]["retry"] = 3
        dsl["nodes"][3]["config"]["to"][0] = "other@example.org"

    fetch, mail = changed(change)

    assert (fetch.part, fetch.change, fetch.id, fetch.path) == (
        Part.NODE,
        Change.CHANGED,
        "fetch",
        "nodes.fetch",
    )
    assert fetch.changed_paths == ("nodes.fetch.config.retry",)
    assert fetch.before["config"]["retry"] == 2
    assert fetch.after["config"]["retry"] == 3
    assert mail.changed_paths == ("nodes.mail.config.to[0]",)


def test_added_and_removed_parts_are_told():
    def change(dsl):
        del dsl["nodes"][3], dsl["edges"][4]
        dsl["nodes"].append(node("new", "delay"))
        dsl["edges"].insert(0, {"id": "e9", "source": "new", "target": "finish"})

    assert [(d.part, d.change, d.id) for d in changed(change)] == [
        (Part.NODE, Change.REMOVED, "mail"),
        (Part.NODE, Change.ADDED, "new"),
        (Part.EDGE, Change.REMOVED, "e5"),
        (Part.EDGE, Change.ADDED, "e9"),
    ]


def test_order_and_positions_count_for_nothing():
    def change(dsl):
        dsl["nodes"].reverse()
        dsl["edges"].reverse()
        dsl["nodes"][0]["position"] = {"x": 5, "y": 7}

    assert changed(change) == []


def test_trigger_settings_and_the_rest_are_told():
    def change(dsl):
        dsl["trigger"]["config"]["cron"] = "0 * * * *"
        dsl["settings"] = {"autoSave": {"enabled": True}}
        dsl["envVars"] = [{"key": "A", "value": 1}]
        dsl["note"] = "x"

    trigger, settings, env_var, note = changed(change)

    assert (trigger.part, trigger.changed_paths) == (Part.TRIGGER, ("trigger.config.cron",))
    assert (settings.part, settings.change, settings.path) == (Part.SETTINGS, Change.ADDED, "settings")
    assert (env_var.part, env_var.change, env_var.id) == (Part.ENV_VAR, Change.ADDED, "A")
    assert (note.part, note.path, note.after) == (Part.DOCUMENT, "note", "x")


def test_true_is_not_one():
    one, other = (around(node("v", "variable", set={"a": value})) for value in (True, 1))

    (difference,) = diff(one, other)

    assert difference.changed_paths == ("nodes.v.config.set.a",)


def test_what_is_no_document_differs_in_all_it_has():
    assert [(d.part, d.change) for d in diff(None, around())][:2] == [
        (Part.TRIGGER, Change.ADDED),
        (Part.NODE, Change.ADDED),
    ]
    assert diff([], {"nodes": {}}) == []
