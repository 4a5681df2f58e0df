"""The closed sets of values that columns hold, each value with what it means."""

from enum import StrEnum
from typing import Self


class TextEnum(StrEnum):
    """An enum stored as text; a member is its text and a ``description`` for people."""

    description: str

    # Every member has a description; the default is for type checkers, who take a lookup for a creation.
    def __new__(cls, value: str, description: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


class Role(TextEnum):
    """What a user may do; a role may do all that the ones after it may."""

    SUPER_ADMIN = "super_admin", "Everything: all users and roles, platform configuration, restore."
    ADMIN = "admin", "Users below itself, workflows, dashboards, models, files, backups, audit log."
    OPERATOR = "operator", "Alerts, faults, maintenance, writing points, running workflows."
    ANALYST = "analyst", "Reports, exports, imports of readings, energy areas, carbon factors."
    VIEWER = "viewer", "Reads operational data and keeps its own profile and settings."

    rank: int
    """Higher may more."""


for _rank, _role in enumerate(reversed(Role)):
    _role.rank = _rank


class UserStatus(TextEnum):
    """Whether a user is there."""

    ONLINE = "online", "Logged in."
    OFFLINE = "offline", "Not logged in."
    BUSY = "busy", "Logged in, not to be disturbed."
    DISABLED = "disabled", "May not log in."


class OAuthProvider(TextEnum):
    """An external account provider."""

    WECHAT = "wechat", "WeChat."
    FEISHU = "feishu", "Feishu (Lark)."


class CodePurpose(TextEnum):
    """What a code that was sent by mail is good for."""

    REGISTER = "register", "To make an account."
    RESET = "reset", "To set a new password."


class TicketPurpose(TextEnum):
    """What a one-time code of a login with an external account is good for."""

    LOGIN = "login", "To be exchanged for a session, or for a code for binding."
    LINKING = "linking", "To be exchanged by the user who began, for whom the account is linked then."
    BINDING = "binding", "To bind the external account to whoever knows a password, or to a new account."


class AlertLevel(TextEnum):
    """How urgent an alert is."""

    HIGH = "high", "Act at once."
    MEDIUM = "medium", "Act today."
    LOW = "low", "Good to know."


class AlertStatus(TextEnum):
    """Where an alert stands."""

    PENDING = "pending", "Nobody has reacted yet."
    ACKNOWLEDGED = "acknowledged", "Somebody has seen it and takes care."
    RESOLVED = "resolved", "Its cause is gone."


class FaultLevel(TextEnum):
    """How grave a fault is."""

    SEVERE = "severe", "The device fails or is dangerous."
    NORMAL = "normal", "The device works with restrictions."
    NOTICE = "notice", "Worth a look."


class FaultStatus(TextEnum):
    """Where a fault stands."""

    OPEN = "open", "Waits for repair."
    IN_MAINTENANCE = "in_maintenance", "Is being repaired."
    FIXED = "fixed", "Repaired."


class MaintenancePriority(TextEnum):
    """How important a maintenance task is."""

    HIGH = "high", "First of all."
    MEDIUM = "medium", "In its turn."
    LOW = "low", "When there is time."


class MaintenanceStatus(TextEnum):
    """Where a maintenance task stands."""

    PENDING = "pending", "Not begun."
    IN_PROGRESS = "in_progress", "Begun."
    COMPLETED = "completed", "Done."
    OVERDUE = "overdue", "Not done by its due date."


class RepeatUnit(TextEnum):
    """What the interval of a repeated task is counted in."""

    DAYS = "days", "Days."
    WEEKS = "weeks", "Weeks."
    MONTHS = "months", "Months; where a month lacks the day, on its last day."
    YEARS = "years", "Years; 29 February is the 28th in common years."


class WidgetDataType(TextEnum):
    """What a dashboard widget shows."""

    STAT = "stat", "One figure, with trend and sparkline."
    CHART = "chart", "An area, line, bar or donut chart."
    LIST = "list", "A list of alerts, devices or suggestions."
    WEATHER = "weather", "Current weather and forecast."
    IOT = "iot", "Live values of objects."
    ENERGY = "energy", "Energy readings."
    ALERTS = "alerts", "The newest alerts."
    STATS = "stats", "Several figures."


class ExecutionStatus(TextEnum):
    """Where a workflow run stands."""

    PENDING = "pending", "Accepted, not begun."
    RUNNING = "running", "Running."
    WAITING = "waiting", "Waits for a time or an event."
    COMPLETED = "completed", "Ran to its end."
    FAILED = "failed", "A node failed, and nothing caught it."
    CANCELLED = "cancelled", "Somebody stopped it."


class StepStatus(TextEnum):
    """Where a node of a run stands."""

    RUNNING = "running", "Begun."
    WAITING = "waiting", "Waits for its time."
    COMPLETED = "completed", "Done."
    FAILED = "failed", "It failed."
    SKIPPED = "skipped", "It failed, and the run went on without it."


class TriggerType(TextEnum):
    """What starts a workflow."""

    MANUAL = "manual", "A person, or another program through the API."
    SCHEDULE = "schedule", "The clock."
    WEBHOOK = "webhook", "A call of its address."
    EVENT = "event", "An event of the platform."
    STATE_CHANGE = "state_change", "A change of a point's value."


class EventChange(TextEnum):
    """What happened to a thing."""

    CREATED = "created", "It is new."
    UPDATED = "updated", "Something about it has changed."
    DELETED = "deleted", "It is gone."
