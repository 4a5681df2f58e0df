"""Platform configuration, backup schedule, reports and scene."""

from datetime import datetime, timedelta

from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row

BACKUP_HOUR = 3

PLANS = (
    ("Daily energy report", "operator@example.com", "每天", True),
    ("Weekly operations report", "admin@example.com", "每周一", True),
    ("Monthly energy and cost report", "analyst@example.com", "每月 1 日", True),
    ("Monthly carbon report", "analyst@example.com", "每月末", True),
    ("Quarterly management report", "admin@example.com", "每季度末", False),
)
TEMPLATES = (
    ("Energy report", "365 份", "⚡"),
    ("Carbon report", "12 份", "🌱"),
    ("Fault and maintenance report", "52 份", "🔧"),
    ("Management summary", "4 份", "📊"),
)


def config_row() -> Row:
    """The configuration with all its defaults."""
    return {"platform_name": "EcoCtrl 能管平台"}


def backup_schedule_row(local_now: datetime) -> Row:
    tomorrow = local_now + timedelta(days=1)
    return {"next_backup": tomorrow.replace(hour=BACKUP_HOUR, minute=0, second=0, microsecond=0).isoformat()}


def scene_row(now: datetime) -> Row:
    """A scene without a model, for no model file comes along; its marks fit the campus."""
    return {
        "model_file_url": None,
        "camera_preset": "Default_View_01",
        "ambient_light_intensity": 0.85,
        "hotspots": [
            {"x": -6.0, "y": 4.5, "z": 2.0, "label": "Office Tower A"},
            {"x": 5.5, "y": 3.5, "z": 1.0, "label": "Office Tower B"},
            {"x": 0.0, "y": 0.5, "z": -7.5, "label": "Chillers and Heat Pumps"},
        ],
        "labels": [
            {"position": {"x": -6.0, "y": 9.0, "z": 2.0}, "text": "Tower A"},
            {"position": {"x": 5.5, "y": 7.0, "z": 1.0}, "text": "Tower B"},
        ],
        "updated_at": now,
    }


def plan_rows() -> list[Row]:
    return [
        {
            "id": sample_key("report_plans", name),
            "name": name,
            "receiver": receiver,
            "frequency": frequency,
            "status": active,
        }
        for name, receiver, frequency, active in PLANS
    ]


def template_rows() -> list[Row]:
    return [{"name": name, "count": count, "icon": icon} for name, count, icon in TEMPLATES]
