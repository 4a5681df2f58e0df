"""One's own account: profile, preferences, settings."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.accounts import profile_service
from ecoctrl_gql.accounts.known_keys import KnownPreferences, KnownSettings, usable
from ecoctrl_gql.accounts.types import Me
from ecoctrl_gql.accounts.users import given_fields
from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.tables import UserRow


@strawberry.type(description="Where a widget lies in the user's arrangement.", directives=[VIEWERS])
class BentoItem:
    id: str = strawberry.field(description="The widget's key.")
    x: int = strawberry.field(description="Its first column, from 1 on.")
    y: int = strawberry.field(description="Its first row, from 1 on.")
    w: int = strawberry.field(description="How many columns it takes.")
    h: int = strawberry.field(description="How many rows it takes.")
    hidden: bool = strawberry.field(description="Whether the user does not want to see it.")


def _known(description: str) -> Any:
    return strawberry.field(description=f"{description} Null where the user has not chosen.")


@strawberry.type(description="How the caller has set up the dashboard.", directives=[VIEWERS])
class MySettings:
    language: str | None = _known("The language, `zh-CN` or `en-US`.")
    reduced_motion: bool | None = _known("Whether things move as little as possible.")
    auto_rotate: bool | None = _known("Whether the scene turns by itself.")
    rotate_speed: float | None = _known("How fast it turns, 0.1–2, 1 being normal.")
    show_labels: bool | None = _known("Whether labels are shown.")
    glow_intensity: float | None = _known("How much things glow, 0–1.")
    default_camera_radius: float | None = _known("How far the camera stands from the scene, 8–60.")
    default_rotation_y: float | None = _known("The angle that the scene begins at, 0–360 degrees.")
    data_refresh_interval: int | None = _known("How often data is read anew, 5–120 seconds.")
    nav_hide_delay: int | None = _known("After how long the navigation hides, 1,000–15,000 milliseconds.")
    edit_auto_exit_delay: int | None = _known(
        "After how long editing ends by itself, milliseconds; 0: never."
    )
    bento_layout: list[BentoItem] | None = _known("The user's own arrangement of the widgets.")
    all: JSON = strawberry.field(description="Everything that is stored, unknown keys included.")


@strawberry.type(description="What the caller prefers of the user interface.", directives=[VIEWERS])
class MyPreferences:
    theme: str | None = _known("`light`, `dark` or `system`.")
    language: str | None = _known("The language, `zh-CN` or `en-US`.")
    density: str | None = _known("`compact`, `comfortable` or `spacious`.")
    font_size: str | None = _known("`small`, `medium` or `large`.")
    desktop_notification: bool | None = _known("Whether the desktop tells of what happens.")
    alert_sound: bool | None = _known("Whether alerts sound.")
    email_notification: bool | None = _known("Whether mail tells of what happens.")
    sidebar_collapsed: bool | None = _known("Whether the sidebar is narrow.")
    show_breadcrumb: bool | None = _known("Whether the path to the page is shown.")
    all: JSON = strawberry.field(description="Everything that is stored, unknown keys included.")


def settings_of(stored: Mapping[str, Any]) -> MySettings:
    found = usable(stored, KnownSettings)
    layout = found.pop("bento_layout", None)
    items = layout and [BentoItem(**item.model_dump(include=set(BENTO))) for item in layout]
    return MySettings(**_values(MySettings, found) | {"bento_layout": items, "all": stored})


def preferences_of(stored: Mapping[str, Any]) -> MyPreferences:
    return MyPreferences(**_values(MyPreferences, usable(stored, KnownPreferences)) | {"all": stored})


BENTO = ("id", "x", "y", "w", "h", "hidden")


def _values(type_: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each field of a type; null where nothing is stored."""
    names = [field.python_name for field in type_.__strawberry_definition__.fields]
    return {name: found.get(name) for name in names}


@strawberry.input(description="Changes of one's own account; what is left out stays as it is.")
class UpdateMyProfileInput:
    username: str | None = strawberry.field(
        default=UNSET, description="The name to log in with, 2–255 characters; not null."
    )
    email: str | None = strawberry.field(
        default=UNSET, description="The mail address; not null. Another one takes the current password."
    )
    avatar_url: str | None = strawberry.field(
        default=UNSET, description="Where the picture is; https. Null removes it."
    )
    current_password: str | None = strawberry.field(
        default=None, description="The current password, where it is needed."
    )


@strawberry.input(description="Changes of one's own preferences.")
class UpdateMyPreferencesInput:
    preferences: JSON = strawberry.field(
        description="An object, merged into what is stored to any depth; null removes a key."
    )


@strawberry.input(description="Changes of one's own settings.")
class UpdateMySettingsInput:
    settings: JSON = strawberry.field(
        description="An object, merged into what is stored to any depth; null removes a key."
    )


@strawberry.type
class ProfileQuery:
    @strawberry.field(
        description="How the caller has set up the dashboard.",
        directives=[VIEWERS],
    )
    async def my_settings(self, info: Info[Any, Any]) -> MySettings:
        user_id = info.context.signed_in().user_id
        found = await info.context.repos.user_settings.find(user_id, frozenset({"settings"}))
        return settings_of(found.settings if found is not None else {})

    @strawberry.field(
        description="What the caller prefers of the user interface.",
        directives=[VIEWERS],
    )
    async def my_preferences(self, info: Info[Any, Any]) -> MyPreferences:
        user_id = info.context.signed_in().user_id
        user = await info.context.repos.users.get(user_id, frozenset({"preferences"}))
        return preferences_of(user.preferences)


@strawberry.type
class ProfileMutation:
    @mutation(
        rule=VIEWERS,
        description="Change one's own account.",
        gives={"me": (Me, "The account as it is now.")},
    )
    async def update_my_profile(self, info: Info[Any, Any], input: UpdateMyProfileInput) -> UserRow:
        context: Context = info.context
        given = given_fields(input, "username", "email")
        password = given.pop("current_password")
        return await profile_service.update_profile(
            context.db, context.person(), context.origin, given, password
        )

    @mutation(
        rule=VIEWERS,
        description="Change one's own preferences; two changes at the same time both take effect.",
        gives={"preferences": (MyPreferences, "The preferences as they are now.")},
    )
    async def update_my_preferences(
        self, info: Info[Any, Any], input: UpdateMyPreferencesInput
    ) -> MyPreferences:
        context: Context = info.context
        user = await profile_service.update_preferences(context.db, context.signed_in(), input.preferences)
        return preferences_of(user.preferences)

    @mutation(
        rule=VIEWERS,
        description="Change one's own settings; two changes at the same time both take effect.",
        gives={"settings": (MySettings, "The settings as they are now.")},
    )
    async def update_my_settings(self, info: Info[Any, Any], input: UpdateMySettingsInput) -> MySettings:
        context: Context = info.context
        row = await profile_service.update_settings(context.db, context.signed_in(), input.settings)
        return settings_of(row.settings)
