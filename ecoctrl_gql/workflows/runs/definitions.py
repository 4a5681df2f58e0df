"""The documents of published versions, read once a process: they never change."""

import asyncio
from collections import OrderedDict

from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import NotFoundError
from ecoctrl_gql.workflows.dsl.document import Document
from ecoctrl_gql.workflows.dsl.shapes import Settings
from ecoctrl_gql.workflows.dsl.validation import parse

KEPT = 256
"""Documents that are remembered; a large one takes some megabytes."""

_documents: OrderedDict[tuple[str, int], Document] = OrderedDict()


async def document_of(repos: Repositories, workflow_id: str, version: int) -> Document:
    """
    The document of a version of a workflow.

    Raises:
        NotFoundError: There is no such version.
        InvalidWorkflowError: Another program has stored what can't run.
    """
    key = workflow_id, version
    document = _documents.get(key)
    if document is None:
        dsl = await repos.workflow_versions.dsl_of(workflow_id, version)
        if dsl is None:
            raise NotFoundError(f"The workflow has no version {version}.")
        document = _documents[key] = await asyncio.to_thread(parse, dsl)
    _documents.move_to_end(key)
    while len(_documents) > KEPT:
        _documents.popitem(last=False)
    return document


async def settings_of(repos: Repositories, workflow_id: str, version: int) -> Settings:
    """The settings of a version; the defaults where it says nothing. Raises as `document_of`."""
    return (await document_of(repos, workflow_id, version)).settings or Settings()
