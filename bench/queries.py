"""
The workloads' queries.

Aliases give PostGraphile's answers the shape of ours; its ``rowId`` carries what our ``id`` does.
"""

from typing import Literal

Dialect = Literal["ours", "postgraphile", "floor"]

OURS: Dialect = "ours"
POSTGRAPHILE: Dialect = "postgraphile"
FLOOR: Dialect = "floor"

_ALERT = "id device level message time status"
_ALERT_THERE = "id: rowId device level message time status"
_NEWEST = "orderBy: [TIME_DESC, ROW_ID_DESC]"
_NEWEST_READINGS = "orderBy: [READING_AT_DESC, ROW_ID_DESC]"
_WIDGET = "metricKey icon layoutX layoutY layoutW layoutH dataType dataJson"
_STATS = "totalCount trend mttr avgResponseTime"
_TASK = "task dueDate priority status assignee"

ONE_ALERT: dict[Dialect, str] = {
    OURS: f"query OneAlert($id: ID!) {{ alert(id: $id) {{ {_ALERT} }} }}",
    POSTGRAPHILE: f"query OneAlert($id: UUID!) {{ alert: alertByRowId(rowId: $id) {{ {_ALERT_THERE} }} }}",
    FLOOR: "",
}

ALERTS: dict[Dialect, str] = {
    OURS: f"""query Alerts($device: String!) {{
        alerts(first: 50, filter: {{device: {{eq: $device}}}}) {{ nodes {{ {_ALERT} }} }}
    }}""",
    POSTGRAPHILE: f"""query Alerts($device: String!) {{
        alerts: allAlerts(first: 50, condition: {{device: $device}}, {_NEWEST}) {{
            nodes {{ {_ALERT_THERE} }}
        }}
    }}""",
    FLOOR: "",
}

READINGS: dict[Dialect, str] = {
    OURS: """query Readings($area: ID!) {
        energyReadings(first: 1000, filter: {areaId: {eq: $area}}) { nodes { id hour kWh readingAt } }
    }""",
    POSTGRAPHILE: f"""query Readings($area: Int!) {{
        energyReadings: allEnergyReadings(first: 1000, condition: {{areaId: $area}}, {_NEWEST_READINGS}) {{
            nodes {{ id: rowId hour kWh readingAt }}
        }}
    }}""",
    FLOOR: "",
}

WORKFLOWS: dict[Dialect, str] = {
    OURS: """query Workflows($user: ID!) {
        workflows(first: 50, filter: {userId: {eq: $user}}, orderBy: {field: NAME}) {
            nodes { id name executions(first: 20) { nodes { id status startedAt completedAt } } }
        }
    }""",
    POSTGRAPHILE: """query Workflows($user: UUID!) {
        workflows: allWorkflows(first: 50, condition: {userId: $user}, orderBy: [NAME_ASC, ROW_ID_ASC]) {
            nodes {
                id: rowId
                name
                executions: workflowExecutionsByWorkflowId(
                    first: 20, orderBy: [STARTED_AT_DESC, ROW_ID_DESC]
                ) {
                    nodes { id: rowId status startedAt completedAt }
                }
            }
        }
    }""",
    FLOOR: "",
}

CREATE_ALERT: dict[Dialect, str] = {
    OURS: f"""mutation CreateAlert($device: String!, $level: AlertLevel!, $message: String!) {{
        createAlert(input: {{device: $device, level: $level, message: $message}}) {{
            alert {{ {_ALERT} }}
            userErrors {{ message }}
        }}
    }}""",
    POSTGRAPHILE: f"""mutation CreateAlert($device: String!, $level: String!, $message: String!) {{
        createAlert(input: {{alert: {{device: $device, level: $level, message: $message}}}}) {{
            alert {{ {_ALERT_THERE} }}
        }}
    }}""",
    FLOOR: "",
}

DASHBOARD: dict[Dialect, str] = {
    OURS: f"""query Dashboard($area: ID!) {{
        dashboardWidgets {{ {_WIDGET} }}
        alerts(first: 10, filter: {{status: {{eq: PENDING}}}}) {{ nodes {{ {_ALERT} }} }}
        energyReadings(first: 24, filter: {{areaId: {{eq: $area}}}}) {{ nodes {{ hour kWh }} }}
        faults(first: 10, filter: {{status: {{eq: OPEN}}}}) {{ nodes {{ id device level time }} }}
        faultStats {{ {_STATS} }}
        maintenanceReminders(first: 10) {{ nodes {{ {_TASK} }} }}
    }}""",
    POSTGRAPHILE: f"""query Dashboard($area: Int!) {{
        dashboardWidgets: allDashboardWidgets(orderBy: [SORT_ORDER_ASC, ROW_ID_ASC]) {{
            nodes {{ {_WIDGET} }}
        }}
        alerts: allAlerts(first: 10, condition: {{status: "pending"}}, {_NEWEST}) {{
            nodes {{ {_ALERT_THERE} }}
        }}
        energyReadings: allEnergyReadings(first: 24, condition: {{areaId: $area}}, {_NEWEST_READINGS}) {{
            nodes {{ hour kWh }}
        }}
        faults: allFaults(first: 10, condition: {{status: "open"}}, {_NEWEST}) {{
            nodes {{ id: rowId device level time }}
        }}
        faultStats: faultStatByRowId(rowId: 1) {{ {_STATS} }}
        maintenanceReminders: allMaintenanceReminders(first: 10, orderBy: [DUE_DATE_ASC, ROW_ID_ASC]) {{
            nodes {{ {_TASK} }}
        }}
    }}""",
}

ROWS: dict[Dialect, str] = {
    OURS: "query Rows($first: Int!) { energyReadings(first: $first) { nodes { id hour kWh readingAt } } }",
    POSTGRAPHILE: f"""query Rows($first: Int!) {{
        energyReadings: allEnergyReadings(first: $first, {_NEWEST_READINGS}) {{
            nodes {{ id: rowId hour kWh readingAt }}
        }}
    }}""",
    FLOOR: "",
}

QUERIES: dict[str, dict[Dialect, str]] = {
    "W1": ONE_ALERT,
    "W2": ALERTS,
    "W3": READINGS,
    "W4": WORKFLOWS,
    "W5": CREATE_ALERT,
    "W6": DASHBOARD,
    "R100": ROWS,
    "R1000": ROWS,
    "R10000": ROWS,
}
"""By workload and by whom they are for; the floor's are in its code."""
