"""Notifications that workflows leave for users."""

from uuid import uuid4

import pytest


async def told(nodes):
    """Who has which notifications."""
    async with nodes.db.connection() as connection:
        cursor = await connection.execute(
            "SELECT username, title, message FROM notifications JOIN users ON users.id = user_id ORDER BY 1"
        )
        return await cursor.fetchall()


async def test_users_are_told_by_name_key_and_id(nodes, make):
    kim, lee, ann = [await make.user(username=name) for name in ("kim", "lee", "ann")]
    await make.user(username="not-told")

    result = await nodes.run(
        "notify", users=f"kim, {lee.id}; user_{ann.id}, kim", title="Filter", message="Change it"
    )

    assert result == {"count": 3}
    assert await told(nodes) == [(name, "Filter", "Change it") for name in ("ann", "kim", "lee")]
    assert kim.id


async def test_a_role_stands_for_itself_and_all_above_that_are_not_disabled(nodes, make):
    for role in ("viewer", "analyst", "operator", "admin", "super_admin"):
        await make.user(username=role, role=role)
    await make.user(username="gone", role="operator", status="disabled")

    assert await nodes.run("notify", role="operator", users=["viewer"], title="Fire") == {"count": 4}
    assert [name for name, *_ in await told(nodes)] == ["admin", "operator", "super_admin", "viewer"]


async def test_long_words_are_cut(nodes, make):
    await make.user(username="kim")

    await nodes.run("notify", users=["kim"], title="t" * 300, message="m" * 600)

    ((_, title, message),) = await told(nodes)
    assert (title, message) == ("t" * 254 + "…", "m" * 499 + "…")


@pytest.mark.parametrize(
    "config",
    [
        {"users": ["nobody"]},
        {"users": ["kim", "x' OR '1'='1"]},
        {"users": ["disabled"]},
        {"users": [str(uuid4())]},
        {"users": ["kim\x00"]},
        {"users": ["\ud800"]},
        {"role": "boss"},
        {},
    ],
)
async def test_who_can_not_be_told_is_named(config, nodes, make):
    await make.user(username="kim")
    await make.user(username="disabled", status="disabled")

    failure = await nodes.failure("notify", title="t", **config)

    assert str(failure).endswith(".")
    assert await told(nodes) == []


async def test_half_characters_in_the_words_are_refused(nodes, make):
    await make.user(username="kim")

    await nodes.failure("notify", users=["kim"], title="t", message="\ud800")

    assert await told(nodes) == []


async def test_a_dry_run_tells_nobody(nodes, make):
    await make.user(username="kim")

    preview = await nodes.preview("notify", users=["kim"], title="Filter")

    assert preview.result == {"count": 1}
    assert preview.effect == {"users": ["kim"], "title": "Filter", "message": None}
    assert await told(nodes) == []
