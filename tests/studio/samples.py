"""A row in every table and a canary in every secret column."""

from typing import Any

import bcrypt
import psycopg
from psycopg import sql

PASSWORD = "correct horse 电池"
CANARY = "CANARY-7f3a"
ADMIN = "00000000-0000-4000-8000-000000000001"
SUPER = "00000000-0000-4000-8000-000000000002"
VIEWER = "00000000-0000-4000-8000-000000000003"
DISABLED = "00000000-0000-4000-8000-000000000004"
PEER = "00000000-0000-4000-8000-000000000005"
ALERT = "00000000-0000-4000-8000-00000000000a"
FAULT = "00000000-0000-4000-8000-00000000000c"
WORKFLOW = "00000000-0000-4000-8000-00000000000b"


def users() -> list[dict[str, Any]]:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode()
    people = [
        (ADMIN, "ada", "admin", "online"),
        (SUPER, "sue", "super_admin", "online"),
        (VIEWER, "vic", "viewer", "online"),
        (DISABLED, "dan", "admin", "disabled"),
        (PEER, "pat", "admin", "offline"),
    ]
    return [
        {
            "id": key,
            "username": name,
            "email": f"{name}@example.com",
            "password": hashed,
            "role": role,
            "status": status,
        }
        for key, name, role, status in people
    ]


ROWS: dict[str, dict[str, Any]] = {
    "alerts": {
        "id": ALERT,
        "device": "AHU-1 <b>",
        "level": "high",
        "message": "Too hot",
        "time": "2026-01-02 03:04:05.678901+00",
    },
    "api_keys": {
        "user_id": VIEWER,
        "name": "Gateway",
        "key_hash": f"{CANARY}-7",
        "prefix": "eck_abcdefgh",
        "role": "viewer",
    },
    "audit_entries": {"action": "user.created"},
    "backup_schedules": {"next_backup": "2026-02-01T00:00:00Z"},
    "carbon_factors": {"name": "Grid", "value": 0.42, "unit": "kWh", "category": "Electricity"},
    "carbon_factor_nodes": {"name": "All"},
    "dashboard_models": {"hotspots": '[{"x": 1}]'},
    "dashboard_widgets": {
        "metric_key": "power",
        "layout_x": 1,
        "layout_y": 1,
        "layout_w": 4,
        "layout_h": 2,
        "data_type": "stat",
    },
    "energy_areas": {
        "title": "Tower",
        "current": 10,
        "target": 20,
        "color": "red",
        "power_factor": 0.95,
        "load_rate": "72%",
    },
    "energy_readings": {"hour": "09:00", "k_wh": 1.5},
    "event_trims": {"event_id": 1, "transaction_id": 1},
    "events": {"subject": "files", "change": "created", "data": "{}"},
    "fault_stats": {},
    "faults": {"id": FAULT, "device": "Chiller", "level": "severe"},
    "fault_changes": {"fault_id": FAULT, "from_status": "open", "to_status": "fixed"},
    "files": {"name": "plan.pdf"},
    "iot_tokens": {
        "access_token": f"{CANARY}-1",
        "refresh_token": f"{CANARY}-2",
        "expires_at": 1_900_000_000_000,
    },
    "maintenance_reminders": {"task": "Clean filters", "due_date": "2026-03-01"},
    "messages": {"type": "update:widgets", "event_id": "1"},
    "models": {"name": "Tower", "format": "GLB", "size": "1.2 MB"},
    "notifications": {"user_id": VIEWER, "title": "Alert: AHU-1"},
    "oauth_accounts": {
        "user_id": VIEWER,
        "provider": "feishu",
        "provider_user_id": "ou_1",
        "access_token": f"{CANARY}-3",
        "refresh_token": f"{CANARY}-4",
    },
    "objects": {"code": "P-1", "name": "Point", "type": "sensor", "metadata": '{"unit": "°C"}'},
    "platform_configs": {"smtp_host": "mail.example.com", "smtp_pass": f"{CANARY}-5"},
    "refresh_tokens": {"user_id": VIEWER, "token_hash": f"{CANARY}-6", "expires_at": "2030-01-01 00:00+00"},
    "report_plans": {"name": "Monthly", "receiver": "ops@example.com", "frequency": "monthly"},
    "report_templates": {"name": "Energy", "count": "48 份", "icon": "x"},
    "user_settings": {"user_id": VIEWER, "settings": '{"theme": "dark"}'},
    "workflows": {"id": WORKFLOW, "name": "Night", "dsl": '{"version": "1.0", "big": 12345678901234567890}'},
    "workflow_versions": {"workflow_id": WORKFLOW, "version": 9, "dsl": "{}"},
    "workflow_executions": {"workflow_id": WORKFLOW, "result": '{"output": 1}'},
}


def key_name(table: str) -> str:
    return "user_id" if table == "user_settings" else "id"


class Rows:
    """The database behind the studio, read and written past it."""

    def __init__(self, connection: psycopg.AsyncConnection[dict[str, Any]]) -> None:
        self._connection = connection

    async def insert(self, table: str, values: dict[str, Any]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        places = sql.SQL(", ").join(map(sql.Placeholder, values))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
        if not values:
            statement = sql.SQL("INSERT INTO {} DEFAULT VALUES").format(sql.Identifier(table))
        await self._connection.execute(statement, values)

    async def fetch(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        cursor = await self._connection.execute(statement, values)
        return await cursor.fetchall() if cursor.description else []

    async def one(self, statement: str, *values: Any) -> dict[str, Any]:
        (row,) = await self.fetch(statement, *values)
        return row

    async def all(self, table: str) -> list[dict[str, Any]]:
        """The table's rows, in the order of their keys."""
        statement = sql.SQL("SELECT * FROM {} ORDER BY {}")
        cursor = await self._connection.execute(
            statement.format(sql.Identifier(table), sql.Identifier(key_name(table)))
        )
        return await cursor.fetchall()

    async def key(self, table: str) -> str:
        """The first row's key."""
        return str((await self.all(table))[0][key_name(table)])
