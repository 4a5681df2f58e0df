"""Random expressions, written for our language and for JavaScript; and Node's answers to them."""

import json
import math
import random
import subprocess
from typing import Any

from ecoctrl_gql.workflows.expressions.numbers import text_of_number
from ecoctrl_gql.workflows.expressions.values import UNDEFINED

DATA: dict[str, Any] = {
    "trigger": {
        "list": [3, "b", None, True, 0.5, [1, [2]], ""],
        "object": {"0": "zero", "a": 1, "b": {"c": "x"}, "length": "own"},
        "text": "Heating circuit 2",
    },
    "fetch": {"body": {"kwh": 512.25, "meters": [{"id": "m1"}, {"id": "m2"}], "none": None, "empty": []}},
    "count": 7,
    "minus": -3.75,
    "ratio": 0.1,
    "big": 12345678901234,
    "name": "Straße 中文",
    "digits": " 42 ",
    "yes": True,
    "no": False,
    "nil": None,
}
NAMES = [*DATA, "nothing", "undefined", "NaN", "Infinity", "true", "false", "null"]
MEMBERS = [
    "list",
    "object",
    "text",
    "body",
    "kwh",
    "meters",
    "a",
    "b",
    "c",
    "length",
    "missing",
    "none",
    "empty",
]
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "10",
    "0.5",
    ".25",
    "1.",
    "1e3",
    "1e21",
    "1e-7",
    "123456789012345680000",
    "5e-324",
]
TEXTS = [
    "",
    "a",
    "b",
    "10",
    " 7 ",
    "0x1f",
    "1e3",
    "abcabc",
    "Infinity",
    "-5",
    "1,2",
    "x.y",
    "ß",
    "é\\n",
    "$&-$$",
]
PATTERNS = ["a", "(b)(z)?", "^H.*?c", "[0-9]+", "x|(y)", "c{2}", "\\\\bc"]
BINARY = ["+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "&&", "||"]
METHODS = [
    "toString",
    "toLowerCase",
    "toUpperCase",
    "trim",
    "slice",
    "substring",
    "split",
    "replace",
    "padStart",
    "padEnd",
    "includes",
    "startsWith",
    "endsWith",
    "charAt",
    "indexOf",
    "lastIndexOf",
    "concat",
    "repeat",
    "toFixed",
    "toPrecision",
    "slice",
    "includes",
    "indexOf",
    "lastIndexOf",
]
FUNCTIONS = ["String", "Number", "Boolean", "parseFloat"]

NODE = """
const { expressions, data } = JSON.parse(require("fs").readFileSync(0, "utf8"));
Object.prototype.toString = function () { return JSON.stringify(this); };
const told = (value) => {
  if (value === undefined) return ["undefined"];
  if (value === null || typeof value === "boolean" || typeof value === "string") return [typeof value, value];
  if (typeof value === "number") return ["number", Object.is(value, -0) ? "-0" : String(value)];
  if (Array.isArray(value)) return ["list", Array.from(value, told)];
  return ["object", Object.entries(value).map(([key, item]) => [key, told(item)])];
};
const at = (value, key) => value === undefined || value === null ? undefined : value[key];
const names = [...Object.keys(data), "nothing", "at"];
const values = [...Object.values(data), undefined, at];
console.log(JSON.stringify(expressions.map((text) => {
  let body;
  try { body = new Function(...names, "return (" + text + ")"); } catch { return ["syntax error"]; }
  try { return told(body(...values)); } catch { return ["error"]; }
})));
"""

Pair = tuple[str, str]
"""The same expression for us and for JavaScript, where a member of undefined needs another dot."""


class Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def expression(self, depth: int = 4) -> Pair:
        forms = [self._leaf, self._leaf, self._member, self._index, self._method, self._call, self._match]
        forms += [self._unary, self._list, self._choice, self._grouped] + [self._binary] * 6
        return self.random.choice(forms if depth > 0 else [self._leaf])(depth - 1)

    def _leaf(self, depth: int) -> Pair:
        kind = self.random.random()
        if kind < 0.5:
            text = self.random.choice(NAMES)
        else:
            text = self.random.choice(NUMBERS) if kind < 0.75 else f'"{self.random.choice(TEXTS)}"'
        return text, text

    def _value(self, depth: int) -> Pair:
        """One that a dot or bracket may follow."""
        ours, theirs = self.expression(depth)
        return f"({ours})", f"({theirs})"

    def _receiver(self, depth: int) -> Pair:
        """Most often a text: other values have few methods."""
        ours, theirs = self._value(depth)
        return (f"String{ours}", f"String{theirs}") if self.random.random() < 0.7 else (ours, theirs)

    def _member(self, depth: int) -> Pair:
        (ours, theirs), name = self._value(depth), self.random.choice(MEMBERS)
        return f"{ours}.{name}", f"{theirs}?.{name}"

    def _index(self, depth: int) -> Pair:
        (ours, theirs), (our_key, their_key) = self._value(depth), self.expression(depth)
        return f"{ours}[{our_key}]", f"at({theirs}, {their_key})"

    def _arguments(self, depth: int) -> Pair:
        pairs = [self.expression(min(depth, 1)) for _ in range(self.random.choice([0, 1, 1, 2, 2]))]
        return ", ".join(ours for ours, _ in pairs), ", ".join(theirs for _, theirs in pairs)

    def _method(self, depth: int) -> Pair:
        (ours, theirs), name = self._receiver(depth), self.random.choice(METHODS)
        our_arguments, their_arguments = ("", "") if name == "toString" else self._arguments(depth)
        return f"{ours}.{name}({our_arguments})", f"{theirs}.{name}({their_arguments})"

    def _match(self, depth: int) -> Pair:
        (ours, theirs), pattern = self._receiver(depth), self.random.choice(PATTERNS)
        return f'{ours}.match("{pattern}")', f'{theirs}.match("{pattern}")'

    def _call(self, depth: int) -> Pair:
        ours, theirs = self.expression(depth)
        if self.random.random() < 0.3:
            radix = self.random.choice(["2", "8", "10", "16", "1"])
            return f"parseInt({ours}, {radix})", f"parseInt({theirs}, {radix})"
        name = self.random.choice(FUNCTIONS)
        return f"{name}({ours})", f"{name}({theirs})"

    def _unary(self, depth: int) -> Pair:
        (ours, theirs), operator = self.expression(depth), self.random.choice("!-+")
        return f"{operator} {ours}", f"{operator} {theirs}"

    def _binary(self, depth: int) -> Pair:
        """Without parentheses, so that the precedences are tried."""
        left, right = self.expression(depth), self.expression(depth)
        operator = self.random.choice(BINARY)
        return f"{left[0]} {operator} {right[0]}", f"{left[1]} {operator} {right[1]}"

    def _choice(self, depth: int) -> Pair:
        parts = [self.expression(depth) for _ in range(3)]
        ours, theirs = ("{} ? {} : {}".format(*(part[side] for part in parts)) for side in (0, 1))
        return ours, theirs

    def _grouped(self, depth: int) -> Pair:
        return self._value(depth)

    def _list(self, depth: int) -> Pair:
        ours, theirs = self._arguments(depth)
        return f"[{ours}]", f"[{theirs}]"


def answers_of_node(node: str, expressions: list[str]) -> list[Any]:
    asked = json.dumps({"expressions": expressions, "data": DATA})
    done = subprocess.run(
        [node, "-e", NODE], input=asked, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def told(value: Any) -> list[Any]:
    """A value of our language as the program for Node tells it."""
    match value:
        case None:
            return ["object", None]
        case bool():
            return ["boolean", value]
        case str():
            return ["string", value]
        case int() | float():
            negative_zero = value == 0 and math.copysign(1, value) < 0
            return ["number", "-0" if negative_zero else text_of_number(value)]
        case list():
            return ["list", [told(item) for item in value]]
        case dict():
            return ["object", [[key, told(item)] for key, item in value.items()]]
    assert value is UNDEFINED
    return ["undefined"]
