"""Sample users: one per role, named as the role, and some colleagues."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row
from ecoctrl_gql.seed.widgets import LAYOUTS

PEOPLE: dict[str, Role] = {role.value: role for role in Role} | {
    "chen.wei": Role.ADMIN,
    "liu.yang": Role.OPERATOR,
    "zhao.lei": Role.OPERATOR,
    "sun.jie": Role.ANALYST,
    "wang.fang": Role.VIEWER,
    "xu.ming": Role.VIEWER,
}
"""The role of each sample user."""

STATUSES = {"zhao.lei": UserStatus.BUSY, "xu.ming": UserStatus.DISABLED}
"""Those that are not just offline."""

WITH_SETTINGS = (Role.SUPER_ADMIN, Role.ADMIN, Role.OPERATOR, Role.ANALYST)
"""The users, named as their roles, who have arranged their dashboards."""

PREFERENCES = {"theme": "system", "language": "en-US", "density": "comfortable", "alertSound": True}
SETTINGS = {
    "language": "en-US",
    "reducedMotion": False,
    "autoRotate": True,
    "rotateSpeed": 0.4,
    "showLabels": True,
    "glowIntensity": 0.6,
    "defaultCameraRadius": 24,
    "defaultRotationY": 45,
    "dataRefreshInterval": 30,
    "navHideDelay": 4000,
    "editAutoExitDelay": 60000,
}


def user_rows(now: datetime, password_hash: str) -> list[Row]:
    return [
        {
            "id": sample_key("users", username),
            "username": username,
            "email": f"{username}@example.com",
            "password": password_hash,
            "role": role,
            "status": STATUSES.get(username, UserStatus.OFFLINE),
            "last_login": _last_login(now, number),
            "preferences": PREFERENCES | {"language": "zh-CN" if number % 2 else "en-US"},
            "created_at": now - timedelta(days=400 - 9 * number),
        }
        for number, (username, role) in enumerate(PEOPLE.items())
    ]


def _last_login(now: datetime, number: int) -> str:
    return (now - timedelta(hours=7 * number + 2, minutes=13 * number)).isoformat("T", "seconds")


def settings_rows(ids: Mapping[str, str], now: datetime) -> list[Row]:
    """Settings of some of the users whose keys are given by name."""
    return [
        {
            "user_id": ids[username],
            "settings": SETTINGS | {"rotateSpeed": round(0.2 + 0.1 * number, 1), "bentoLayout": LAYOUTS},
            "updated_at": now - timedelta(days=number),
        }
        for number, username in enumerate(WITH_SETTINGS)
        if username in ids
    ]
