"""How the tables are grouped and called in the menu."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Tables of one domain; ``tables`` maps a table's name to its label and to what one row is called."""

    label: str
    icon: str
    tables: dict[str, tuple[str, str]]


GROUPS = (
    Group(
        "Alerts and faults",
        "fa-solid fa-bell",
        {
            "alerts": ("Alerts", "alert"),
            "faults": ("Faults", "fault"),
            "fault_changes": ("Fault history", "step of a fault"),
            "fault_stats": ("Fault figures", "fault figures"),
            "maintenance_reminders": ("Maintenance", "maintenance task"),
        },
    ),
    Group(
        "Energy",
        "fa-solid fa-bolt",
        {
            "energy_readings": ("Energy readings", "energy reading"),
            "energy_areas": ("Energy areas", "energy area"),
        },
    ),
    Group(
        "Carbon",
        "fa-solid fa-leaf",
        {
            "carbon_factors": ("Carbon factors", "carbon factor"),
            "carbon_factor_nodes": ("Carbon factor tree", "carbon factor node"),
        },
    ),
    Group(
        "Devices",
        "fa-solid fa-microchip",
        {
            "objects": ("Devices and points", "device or point"),
            "iot_tokens": ("Gateway token", "gateway token"),
        },
    ),
    Group(
        "Dashboard",
        "fa-solid fa-gauge",
        {
            "dashboard_widgets": ("Widgets", "widget"),
            "dashboard_models": ("3D scene", "3D scene"),
            "models": ("3D models", "3D model"),
        },
    ),
    Group(
        "Workflows",
        "fa-solid fa-diagram-project",
        {
            "workflows": ("Workflows", "workflow"),
            "workflow_versions": ("Workflow versions", "version of a workflow"),
            "workflow_executions": ("Workflow runs", "workflow run"),
            "messages": ("Messages", "message"),
        },
    ),
    Group(
        "Reports and files",
        "fa-solid fa-file-lines",
        {
            "report_plans": ("Report plans", "report plan"),
            "report_templates": ("Report templates", "report template"),
            "files": ("Files", "file"),
        },
    ),
    Group(
        "People",
        "fa-solid fa-users",
        {
            "users": ("Users", "user"),
            "notifications": ("Notifications", "notification"),
            "user_settings": ("User settings", "user's settings"),
            "oauth_accounts": ("Linked accounts", "linked account"),
            "refresh_tokens": ("Sessions", "session"),
            "api_keys": ("API keys", "API key"),
            "audit_entries": ("Audit log", "audit entry"),
        },
    ),
    Group(
        "Platform",
        "fa-solid fa-gear",
        {
            "platform_configs": ("Configuration", "configuration"),
            "backup_schedules": ("Backup schedule", "backup schedule"),
        },
    ),
)


def grouped(names: list[str]) -> list[Group]:
    """The groups that hold these tables; a table that none names goes to a group of its own at the end."""
    known = {name for group in GROUPS for name in group.tables}
    others = {name: (_readable(name), _readable(name).lower()) for name in names if name not in known}
    groups = [
        Group(group.label, group.icon, {name: group.tables[name] for name in group.tables if name in names})
        for group in GROUPS
    ]
    groups.append(Group("Others", "fa-solid fa-table", others))
    return [group for group in groups if group.tables]


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()
