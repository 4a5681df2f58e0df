"""Every rule, by a document that breaks it and the exact places that are told."""

import pytest

from ecoctrl_gql.workflows.dsl.problems import Rule, Severity
from ecoctrl_gql.workflows.dsl.validation import validate
from tests.workflows.dsl.building import around, body, document, errors, found, graph, node, warnings

START, END = node("start", "start"), node("end", "end")
SWITCH = {"expression": "trigger.a", "cases": [{"value": "x"}, {"value": 5}, {"value": True}]}


def trigger(type_, **config):
    return around(trigger={"type": type_, "config": config})


def condition(edges):
    return document(START, node("if", "condition", expression="true"), node("a", "delay"), END, edges=edges)


def switch(edges):
    return document(START, node("sw", "switch", **SWITCH), node("a", "delay"), END, edges=edges)


def ways(edges):
    return document(START, node("a", "delay"), node("b", "delay"), END, edges=edges)


def loop(**config):
    return around(node("each", "loop", **({"body": body()} | config)))


SAME_WAY = [
    {"source": "start", "target": "a"},
    {"source": "a", "target": "b"},
    {"source": "b", "target": "end"},
]

ERRORS = {
    "node type": (around(node("a", "teleport")), ("nodes.a.type", "node_type")),
    "trigger type": (trigger("moon"), ("trigger.type", "trigger_type")),
    "version": (around() | {"version": "2.0"}, ("version", "version")),
    "version as a number": (around() | {"version": 1.0}, ("version", "version")),
    "missing id": (around() | {"nodes": [{"type": "start"}, START, END]}, ("nodes[0].id", "required")),
    "empty id": (around() | {"nodes": [node("", "start"), START, END]}, ("nodes[0].id", "required")),
    "id of a wrong type": (
        around() | {"nodes": [{"id": 1, "type": "end"}, START, END]},
        ("nodes[0].id", "type"),
    ),
    "edge without end": (around() | {"edges": [{"source": "start"}]}, ("edges[0].target", "required")),
    "nodes are no list": (around() | {"nodes": {}}, ("nodes", "type")),
    "a node that is none": (around() | {"nodes": [START, 7, END]}, ("nodes[1]", "type")),
    "duplicate node": (
        around() | {"nodes": [START, END, node("end", "end")]},
        ("nodes.end.id", "duplicate_node"),
    ),
    "edge from nowhere": (ways("start>a a>b b>end x>end"), ("edges.e3.source", "edge_source")),
    "edge to nowhere": (ways("start>a a>b b>x"), ("edges.e2.target", "edge_target")),
    "no start": (document(node("a", "delay"), END, edges="a>end"), ("nodes", "start")),
    "two starts": (
        document(START, node("s2", "start"), END, edges="start>end s2>end"),
        ("nodes", "start"),
    ),
    "no end": (document(START, node("a", "delay"), edges="start>a"), ("nodes", "end")),
    "nothing leads there": (ways("start>a a>end b>end"), ("nodes.b", "no_incoming")),
    "dead end": (ways("start>a a>b"), ("nodes.b", "no_outgoing")),
    "no true branch": (condition("start>if if>a:false a>end"), ("nodes.if", "branch_missing")),
    "no false branch": (condition("start>if if>a:true a>end"), ("nodes.if", "branch_missing")),
    "no case": (switch("start>sw sw>a:x sw>a:5 sw>end:default a>end"), ("nodes.sw", "branch_missing")),
    "no default": (switch("start>sw sw>a:x sw>a:5 sw>end:true a>end"), ("nodes.sw", "branch_missing")),
    "circle": (ways("start>a a>b b>a"), ("edges.e2", "cycle")),
    "circle of one": (ways("start>a a>a b>end"), ("edges.e1", "cycle")),
    "goto nowhere": (
        around(node("a", "delay", {"action": "goto", "gotoNodeId": "x"})),
        ("nodes.a.onError.gotoNodeId", "goto_target"),
    ),
    "goto without target": (
        around(node("a", "delay", {"action": "goto"})),
        ("nodes.a.onError.gotoNodeId", "goto_target"),
    ),
    "unknown handling": (
        around(node("a", "delay", {"action": "panic"})),
        ("nodes.a.onError.action", "value"),
    ),
    "negative retries": (
        around(node("a", "delay", {"action": "retry", "retryCount": -1})),
        ("nodes.a.onError.retryCount", "value"),
    ),
    "loop without items": (loop(itemVar="i"), ("nodes.each.config.items", "required")),
    "loop without variable": (loop(items=[]), ("nodes.each.config.itemVar", "required")),
    "loop without body": (
        around(node("each", "loop", items=[], itemVar="i")),
        ("nodes.each.config.body", "required"),
    ),
    "while without condition": (
        loop(mode="while", maxIterations=3),
        ("nodes.each.config.condition", "required"),
    ),
    "error in a body": (
        loop(items=[], itemVar="i", body=body(node("x", "nothing"))),
        ("nodes.each.body.nodes.x.type", "node_type"),
    ),
    "body without end": (
        loop(items=[], itemVar="i", body=graph(START)),
        ("nodes.each.body.nodes", "end"),
    ),
    "edge inside a body": (
        loop(items=[], itemVar="i", body=graph(START, END, edges="start>end start>far")),
        ("nodes.each.body.edges.e1.target", "edge_target"),
    ),
    "goto out of a body": (
        loop(items=[], itemVar="i", body=body(node("x", "delay", {"action": "goto", "gotoNodeId": "each"}))),
        ("nodes.each.body.nodes.x.onError.gotoNodeId", "goto_target"),
    ),
    "error in a branch": (
        around(node("all", "parallel", branches=[body(), body(node("x", "delay", durationMs="soon"))])),
        ("nodes.all.branches[1].nodes.x.config.durationMs", "type"),
    ),
    "missing expression": (around(node("if", "switch")), ("nodes.if.config.expression", "required")),
    "broken expression": (
        around(node("if", "condition", expression="a >")),
        ("nodes.if.config.expression", "expression"),
    ),
    "broken condition of a trigger": (
        trigger("event", event="a", condition="1 +"),
        ("trigger.config.condition", "expression"),
    ),
    "broken template": (
        around(node("v", "variable", set={"a": ["x {{1 +}}"]})),
        ("nodes.v.config.set.a[0]", "template"),
    ),
    "url missing": (around(node("h", "http_request")), ("nodes.h.config.url", "required")),
    "url of another kind": (
        around(node("h", "http_request", url="ftp://x")),
        ("nodes.h.config.url", "value"),
    ),
    "unknown method": (
        around(node("h", "http_request", url="http://x", method="FETCH")),
        ("nodes.h.config.method", "value"),
    ),
    "headers are no object": (
        around(node("h", "http_request", url="http://x", headers=[])),
        ("nodes.h.config.headers", "type"),
    ),
    "timeout is no number": (
        around(node("h", "http_request", url="http://x", timeoutMs=True)),
        ("nodes.h.config.timeoutMs", "type"),
    ),
    "table without access": (around(node("d", "database", table="users")), ("nodes.d.config.table", "value")),
    "insert without data": (
        around(node("d", "database", table="alerts", operation="insert")),
        ("nodes.d.config.data", "required"),
    ),
    "column that is none": (
        around(node("d", "database", table="alerts", returning=["id; drop table x"])),
        ("nodes.d.config.returning[0]", "value"),
    ),
    "mail to nobody": (around(node("m", "email")), ("nodes.m.config.to", "required")),
    "mail to no address": (around(node("m", "email", to=["ops"])), ("nodes.m.config.to[0]", "value")),
    "read no points": (around(node("r", "point_read")), ("nodes.r.config.pointNames", "required")),
    "read history of when": (
        around(node("r", "point_read", pointNames=["a"], mode="history", beginTime="x")),
        ("nodes.r.config.endTime", "required"),
    ),
    "write no value": (around(node("w", "point_write", pointName="a")), ("nodes.w.config.value", "required")),
    "write an object": (
        around(node("w", "point_write", pointName="a", value={})),
        ("nodes.w.config.value", "type"),
    ),
    "alert without device": (around(node("a", "alert", message="m")), ("nodes.a.config.device", "required")),
    "alert of no level": (
        around(node("a", "alert", device="d", message="m", level="huge")),
        ("nodes.a.config.level", "value"),
    ),
    "resolve which": (around(node("a", "alert", action="resolve")), ("nodes.a.config.device", "required")),
    "notify nobody": (around(node("n", "notify", title="t")), ("nodes.n.config.users", "required")),
    "notify no role": (around(node("n", "notify", title="t", role="king")), ("nodes.n.config.role", "value")),
    "tell which user": (
        around(node("s", "sse_send", targetMode="user")),
        ("nodes.s.config.targetUserId", "required"),
    ),
    "no cron": (trigger("schedule"), ("trigger.config.cron", "required")),
    "bad cron": (trigger("schedule", cron="61 * * * *"), ("trigger.config.cron", "cron")),
    "bad cron of a node": (around(node("t", "cron-trigger", cron="x")), ("nodes.t.config.cron", "cron")),
    "never": (trigger("schedule", cron="0 0 30 2 *"), ("trigger.config.cron", "cron_never")),
    "time zone": (
        trigger("schedule", cron="@daily", timezone="Mars/Base"),
        ("trigger.config.timezone", "time_zone"),
    ),
    "watch nothing": (trigger("state_change", watch=[]), ("trigger.config.watch", "required")),
    "short watch path": (
        trigger("state_change", watch=["objects.*.points.*.*", "objects.*"]),
        ("trigger.config.watch[1]", "watch_path"),
    ),
    "no length of time": (
        trigger("state_change", watch=["objects.*.points.*.*"], **{"for": "soon"}),
        ("trigger.config.for", "value"),
    ),
    "too long a state": (
        trigger("state_change", watch=["objects.*.points.*.*"], **{"for": "30d 1ms"}),
        ("trigger.config.for", "value"),
    ),
    "too many milliseconds": (
        trigger("state_change", watch=["objects.*.points.*.*"], forMs=2_592_000_001),
        ("trigger.config.forMs", "value"),
    ),
    "two lengths of time": (
        trigger("state_change", watch=["objects.*.points.*.*"], forMs=0, **{"for": "1m"}),
        ("trigger.config.forMs", "value"),
    ),
    "event name": (trigger("event", event="a b"), ("trigger.config.event", "event_name")),
    "network": (
        trigger("webhook", secret="s", allowedIps=["::1", "10.0.0.0/40"]),
        ("trigger.config.allowedIps[1]", "network"),
    ),
    "secret of no key": (around(envVars=[{"value": 1}]), ("envVars[0].key", "required")),
    "nul": (around(node("v", "variable", set={"a": "x\x00"})), ("nodes[1].config.set.a", "unstorable")),
    "half a character": (
        around(node("v", "variable", set={"\ud800": 1})),
        ("nodes[1].config.set", "unstorable"),
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_at_its_place(name):
    dsl, expected = ERRORS[name]

    assert expected in errors(dsl)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_without_much_else(name):
    assert len(errors(ERRORS[name][0])) <= 4


WARNINGS = {
    "no version": (
        {"nodes": [START, END], "edges": [{"source": "start", "target": "end"}]},
        ("version", "version"),
    ),
    "second start": (
        {"version": "1.0", **graph(START, node("s2", "start"), END, edges="start>end s2>end")},
        ("nodes", "start"),
    ),
    "island": (
        ways("start>end a>b b>a"),
        ("nodes.a", "unreachable"),
    ),
    "label of no branch": (
        condition("start>if if>a:true if>a:false if>end:maybe a>end"),
        ("edges.e3.label", "unknown_label"),
    ),
    "branch without label": (
        condition("start>if if>a:true if>a:false if>end a>end"),
        ("edges.e3.label", "unknown_label"),
    ),
    "second edge": (ways("start>a start>b a>end b>end"), ("edges.e1", "ignored_edge")),
    "edge after the end": (ways("start>a a>b b>end end>b"), ("edges.e3", "ignored_edge")),
    "second true": (
        condition("start>if if>a:true if>end:true if>a:false a>end"),
        ("edges.e2", "ignored_edge"),
    ),
    "edge twice": (ways("start>a start>a a>b b>end"), ("edges.e1", "duplicate_edge")),
    "edge id twice": (
        ways("start>a a>b b>end") | {"edges": [edge | {"id": "x"} for edge in SAME_WAY]},
        ("edges.x.id", "duplicate_edge"),
    ),
    "while without bound": (
        loop(mode="while", condition="true"),
        ("nodes.each.config.maxIterations", "unbounded_loop"),
    ),
    "delay too long": (
        around(node("d", "delay", durationMs=10**10)),
        ("nodes.d.config.durationMs", "over_limit"),
    ),
    "timeout too long": (
        around(node("h", "http_request", url="http://x", timeoutMs="60000")),
        ("nodes.h.config.timeoutMs", "over_limit"),
    ),
    "change every row": (
        around(node("d", "database", table="alerts", operation="delete")),
        ("nodes.d.config.where", "required"),
    ),
    "empty condition": (
        condition("start>if if>a:true if>end:false a>end")
        | {"nodes": [START, node("if", "condition", expression=" "), node("a", "delay"), END]},
        ("nodes.if.config.expression", "required"),
    ),
    "no branch": (around(node("p", "parallel")), ("nodes.p.config.branches", "required")),
    "no variable": (around(node("v", "variable")), ("nodes.v.config.set", "required")),
    "open webhook": (trigger("webhook"), ("trigger.config.secret", "open_webhook")),
    "longer watch path": (
        trigger("state_change", watch=["objects.*.points.*.*.more"]),
        ("trigger.config.watch[0]", "watch_path"),
    ),
    "watch no uuid": (
        trigger("state_change", watch="objects.chiller.points.*.*"),
        ("trigger.config.watch[0]", "watch_path"),
    ),
    "unknown name": (
        around(node("v", "variable", set={"a": "{{nowhere.x}}"})),
        ("nodes.v.config.set.a", "unknown_name"),
    ),
    "unknown name in an expression": (
        condition("start>if if>a:true if>end:false a>end")
        | {"nodes": [START, node("if", "condition", expression="x > 1"), node("a", "delay"), END]},
        ("nodes.if.config.expression", "unknown_name"),
    ),
    "node before a run": (
        trigger("event", event="a", condition="start.data"),
        ("trigger.config.condition", "unknown_name"),
    ),
    "clashing name": (around(node("a", "variable", set={"a": 1})), ("nodes.a.id", "clashing_name")),
    "reserved name": (around(node("trigger", "delay")), ("nodes.trigger.id", "clashing_name")),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_told_at_its_place(name):
    dsl, expected = WARNINGS[name]

    assert expected in warnings(dsl)


def test_every_rule_is_tested():
    tested = {rule for _, (_, rule) in (ERRORS | WARNINGS).values()}

    others = {"too_large", "nesting", "unknown_key"}  # their tests are elsewhere
    assert tested | others == {rule.value for rule in Rule}


def test_everything_is_told_at_once():
    dsl = document(
        START,
        node("http", "http_request", {"action": "goto", "gotoNodeId": "gone"}, url=5),
        node("if", "condition", expression="(("),
        END,
        edges="start>http http>if if>end:yes",
        trigger={"type": "schedule", "config": {"cron": "0 0 31 6 *", "timezone": "Shanghai"}},
    )

    assert found(dsl) == {
        ("nodes.http.config.url", "type"),
        ("nodes.http.onError.gotoNodeId", "goto_target"),
        ("nodes.if", "branch_missing"),
        ("nodes.if.config.expression", "expression"),
        ("edges.e2.label", "unknown_label"),
        ("trigger.config.cron", "cron_never"),
        ("trigger.config.timezone", "time_zone"),
    }


def test_a_circle_is_told_with_its_way():
    dsl = ways("start>a a>b b>a")

    (message,) = [p.message for p in validate(dsl).problems if p.rule is Rule.CYCLE]

    assert message == "The edges lead around in a circle: a → b → a."


def test_messages_are_sentences_and_hints_too():
    for dsl, _ in (ERRORS | WARNINGS).values():
        for problem in validate(dsl).problems:
            assert problem.message.endswith((".", ")")), problem.message
            assert problem.hint is None or problem.hint.endswith((".", ")")), problem.hint


def test_a_jump_of_an_error_handler_counts_as_a_way():
    dsl = document(
        START,
        node("a", "delay", {"action": "goto", "gotoNodeId": "b"}),
        node("b", "delay"),
        END,
        edges="start>a a>end b>end",
    )

    assert found(dsl) == set()


def test_a_body_sees_the_nodes_and_variables_around_it():
    inner = node("v", "variable", set={"x": "{{outer.vars.y}} {{vars.item}} {{vars.index}} {{secret.key}}"})
    dsl = around(
        node("outer", "variable", set={"y": 1}),
        node("each", "loop", items=[1], itemVar="item", body=body(inner)),
        node("after", "variable", set={"z": "{{v.vars.x}}"}),
        envVars=[{"key": "key", "type": "secret", "value": "s"}],
    )

    assert found(dsl) == {("nodes.after.config.set.z", "unknown_name")}


def test_numbers_may_be_texts_and_templates():
    good = ["5", " 5 ", "5.0", 5.0, 5, "{{vars.n}}", "{{vars.n}}0"]
    for value in good:
        dsl = around(node("set", "variable", set={"n": 1}), node("w", "delay", durationMs=value))
        assert found(dsl) == set(), value
    for value in (5.5, "5.5", "", "five", [], {}, False, "0x10", float("1e300")):
        assert ("nodes.w.config.durationMs", "type") in errors(
            around(node("w", "delay", durationMs=value))
        ), value


def test_paths_quote_ids_that_are_no_words():
    dsl = around(node('a."c"', "teleport"))

    assert ('nodes["a.\\"c\\""].type', "node_type") in found(dsl)


def test_severities_are_told():
    dsl = around(node("w", "delay", durationMs=10**10), node("x", "teleport"))

    assert {(p.rule, p.severity) for p in validate(dsl).problems} == {
        (Rule.OVER_LIMIT, Severity.WARNING),
        (Rule.NODE_TYPE, Severity.ERROR),
    }
