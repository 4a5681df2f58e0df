"""What the known keys of settings and preferences may hold; unknown keys are kept as they are."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ecoctrl_gql.errors import BadInputError

MAX_BYTES = 65_536

Language = Literal["zh-CN", "en-US"]


class Known(BaseModel):
    """Keys by name, each checked strictly: a text is no number and a number no switch."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", strict=True)


class BentoItem(Known):
    """Where a widget lies in the user's own arrangement, in columns and rows from 1 on."""

    id: str
    x: int
    y: int
    w: int
    h: int
    hidden: bool = False


class KnownSettings(Known):
    """How a user has set up the dashboard."""

    language: Language | None = None
    reduced_motion: bool | None = None
    auto_rotate: bool | None = None
    rotate_speed: Annotated[float, Field(ge=0.1, le=2)] | None = None
    show_labels: bool | None = None
    glow_intensity: Annotated[float, Field(ge=0, le=1)] | None = None
    default_camera_radius: Annotated[float, Field(ge=8, le=60)] | None = None
    default_rotation_y: Annotated[float, Field(ge=0, le=360)] | None = None
    data_refresh_interval: Annotated[int, Field(ge=5, le=120)] | None = None
    nav_hide_delay: Annotated[int, Field(ge=1000, le=15_000)] | None = None
    edit_auto_exit_delay: Literal[0, 15_000, 30_000, 60_000, 120_000, 300_000] | None = None
    bento_layout: list[BentoItem] | None = None


class KnownPreferences(Known):
    """What a user prefers of the user interface."""

    theme: Literal["light", "dark", "system"] | None = None
    language: Language | None = None
    density: Literal["compact", "comfortable", "spacious"] | None = None
    font_size: Literal["small", "medium", "large"] | None = None
    desktop_notification: bool | None = None
    alert_sound: bool | None = None
    email_notification: bool | None = None
    sidebar_collapsed: bool | None = None
    show_breadcrumb: bool | None = None


def merged(stored: Mapping[str, Any], changes: Any, known: type[Known], *path: str) -> dict[str, Any]:
    """
    Stored keys with changes merged in.

    Objects are merged key by key to any depth, lists and values taken as a whole; null removes a key.

    Raises:
        BadInputError: The changes are no object, a known key holds what it can't, or it gets too large.
    """
    if not isinstance(changes, dict):
        raise BadInputError("This must be an object.", field=path)
    result = _merged(stored, changes)
    try:
        known.model_validate(result)
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(str(step) for step in first["loc"])
        raise BadInputError(f"{'.'.join(where)}: {first['msg']}.", field=(*path, *where)) from None
    if len(orjson.dumps(result)) > MAX_BYTES:
        raise BadInputError(f"This may come to {MAX_BYTES:,} bytes at most.", field=path)
    return result


def _merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(stored)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            below = result.get(key)
            result[key] = _merged(below if isinstance(below, dict) else {}, value)
        else:
            result[key] = value
    return result


def usable(stored: Mapping[str, Any], known: type[Known]) -> dict[str, Any]:
    """The known keys that hold what they may, in snake_case; another program may have stored anything."""
    found = {}
    for name, field in known.model_fields.items():
        key = str(field.alias)
        if key in stored:
            try:
                found[name] = getattr(known.model_validate({key: stored[key]}), name)
            except ValidationError:
                continue
    return found
