"""What can be wrong with a workflow document, and how it is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ecoctrl_gql.db.enums import TextEnum

MAX_PROBLEMS = 1_000


class Severity(TextEnum):
    """Whether a workflow with this problem can run."""

    ERROR = "error", "It can't be saved or run."
    WARNING = "warning", "It runs, but perhaps not as meant."


class Rule(TextEnum):
    """The rule that a workflow document breaks; a name never changes its meaning."""

    TOO_LARGE = "too_large", "The document is larger, deeper or has more parts than allowed."
    UNSTORABLE = "unstorable", "A value can't be stored, such as a text with a NUL character."
    VERSION = "version", "The version of the document is not 1.0."
    TYPE = "type", "A value has another JSON type than expected."
    REQUIRED = "required", "A value is missing."
    VALUE = "value", "A value is not among those allowed."
    UNKNOWN_KEY = "unknown_key", "A key has no meaning here; it is kept."
    OVER_LIMIT = "over_limit", "A number is above what a run allows; the limit is taken in its place."
    NODE_TYPE = "node_type", "There is no node of this type."
    TRIGGER_TYPE = "trigger_type", "There is no trigger of this type."
    DUPLICATE_NODE = "duplicate_node", "Two nodes of a graph have the same id."
    DUPLICATE_EDGE = (
        "duplicate_edge",
        "Two edges of a graph have the same id, or connect the same in the same way.",
    )
    EDGE_SOURCE = "edge_source", "An edge begins at a node that is not there."
    EDGE_TARGET = "edge_target", "An edge ends at a node that is not there."
    START = "start", "A graph has no node to start at, or more than one."
    END = "end", "A graph has no end node."
    NO_INCOMING = "no_incoming", "Nothing leads to a node."
    NO_OUTGOING = "no_outgoing", "Nothing follows a node that is no end."
    UNREACHABLE = "unreachable", "No run ever gets to a node."
    BRANCH_MISSING = "branch_missing", "A branch of a condition or switch leads nowhere."
    UNKNOWN_LABEL = "unknown_label", "The label of an edge matches no branch of its node."
    IGNORED_EDGE = "ignored_edge", "An edge is never followed."
    CYCLE = "cycle", "The edges lead around in a circle."
    GOTO_TARGET = "goto_target", "An error handler jumps to a node that is not there, or names none."
    UNBOUNDED_LOOP = "unbounded_loop", "A while loop does not say how often it may run at most."
    NESTING = "nesting", "Loop bodies and branches are nested too deeply."
    EXPRESSION = "expression", "An expression can't be understood."
    TEMPLATE = "template", "A template can't be understood."
    UNKNOWN_NAME = (
        "unknown_name",
        "An expression or template names something that the document does not define.",
    )
    CLASHING_NAME = "clashing_name", "A name stands for two things in expressions."
    CRON = "cron", "A cron schedule can't be understood."
    CRON_NEVER = "cron_never", "A cron schedule never fires."
    TIME_ZONE = "time_zone", "There is no time zone of this IANA name."
    WATCH_PATH = "watch_path", "A watch path does not have the form of one."
    EVENT_NAME = "event_name", "An event name does not have the form of one."
    NETWORK = "network", "A text is no IP address and no network."
    OPEN_WEBHOOK = "open_webhook", "Anybody who knows a webhook's address can start the workflow."


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something wrong with a document.

    Attributes:
        path: Where, such as ``nodes.check.config.expression``; empty for the document as a whole.
        message: What is wrong, in a sentence.
        hint: What to do, in a sentence; None where the message says it.
    """

    path: str
    rule: Rule
    severity: Severity
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a part of the rules finds: its place is told relative to where the rules were applied."""

    steps: tuple[str | int, ...]
    rule: Rule
    message: str
    hint: str | None = None
    severity: Severity = Severity.ERROR


class Problems:
    """Gathers problems: all are counted, the first thousand kept."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.errors = 0
        self.warnings = 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)

    @property
    def full(self) -> bool:
        """Whether no more are kept, so that nobody need work on their wording."""
        return len(self.kept) >= MAX_PROBLEMS

    def error(self, path: str, rule: Rule, message: str, hint: str | None = None) -> None:
        self.errors += 1
        self._keep(Problem(path, rule, Severity.ERROR, message, hint))

    def warning(self, path: str, rule: Rule, message: str, hint: str | None = None) -> None:
        self.warnings += 1
        self._keep(Problem(path, rule, Severity.WARNING, message, hint))

    def add(self, path: str, finding: Finding) -> None:
        place = step_into(path, *finding.steps)
        tell = self.error if finding.severity is Severity.ERROR else self.warning
        tell(place, finding.rule, finding.message, finding.hint)

    def _keep(self, problem: Problem) -> None:
        if not self.full:
            self.kept.append(problem)


_PLAIN = re.compile(r"[\w-]{1,200}")


def step_into(path: str, *steps: str | int) -> str:
    """
    The path of something inside what a path leads to.

    Keys that aren't plain words are quoted, so that a path can always be taken apart again.
    """
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            path += f".{step}" if path else step
        else:
            path += f'["{shown(step, 200)}"]'
    return path


def shown(value: object, limit: int = 60) -> str:
    """A value as it can stand in a message: one line of it, not too long, in plain characters."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in escaped)
