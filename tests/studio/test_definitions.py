"""Definitions of workflows in the studio."""

import json

from tests.studio.browsing import Browser
from tests.studio.samples import WORKFLOW, Rows

CANARY = "the-canary-of-a-webhook"


async def test_secrets_that_came_by_plain_sql_are_shown_under_seal(sue: Browser, rows: Rows) -> None:
    dsl = json.dumps({"version": "1.0", "trigger": {"type": "webhook", "config": {"secret": CANARY}}})
    await rows.fetch(
        "UPDATE workflows SET dsl = %s, draft = %s WHERE id = %s RETURNING id", dsl, dsl, WORKFLOW
    )
    versions = await rows.fetch("SELECT id FROM workflow_versions WHERE workflow_id = %s", WORKFLOW)

    pages = [await sue.get(f"/studio/workflows/{page}?pk={WORKFLOW}") for page in ("detail", "edit")]
    pages += [await sue.get(f"/studio/workflow_versions/detail?pk={row['id']}") for row in versions]

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert all(CANARY not in page.text for page in pages)
    assert all("sealed:" in page.text for page in pages[:2])
