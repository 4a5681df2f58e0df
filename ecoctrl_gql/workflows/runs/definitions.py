"""The documents of published versions, read once a process: they never change."""

import asyncio
from collections import OrderedDict
from typing import Any, Final

import orjson

from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import NotFoundError
from ecoctrl_gql.workflows.dsl.document import Document
from ecoctrl_gql.workflows.dsl.shapes import Settings
from ecoctrl_gql.workflows.dsl.validation import parse

KEPT: Final = 256
BYTES_KEPT: Final = 8_000_000
"""The most documents that are remembered, and how long they may be as JSON; in memory they are larger."""


class RememberedDocuments:
    """What was used last, within bounds; the newest is kept however large it is."""

    def __init__(self, bytes_kept: int = BYTES_KEPT) -> None:
        self._bytes_kept = bytes_kept
        self._documents: OrderedDict[tuple[str, int], tuple[Document, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, workflow_id: str, version: int) -> Document | None:
        """The document of a version of a workflow; None where it is not remembered."""
        key = workflow_id, version
        if key not in self._documents:
            return None
        self._documents.move_to_end(key)
        return self._documents[key][0]

    def put(self, workflow_id: str, version: int, document: Document, size: int) -> None:
        """Remember a document of so many bytes."""
        key = workflow_id, version
        self._bytes += size - self._documents.pop(key, (document, 0))[1]
        self._documents[key] = document, size
        while len(self._documents) > KEPT or (self._bytes > self._bytes_kept and len(self._documents) > 1):
            _, (_, gone) = self._documents.popitem(last=False)
            self._bytes -= gone


_remembered = RememberedDocuments()


async def document_of(repos: Repositories, workflow_id: str, version: int) -> Document:
    """
    The document of a version of a workflow.

    Raises:
        NotFoundError: There is no such version.
        InvalidWorkflowError: Another program has stored what can't run.
    """
    remembered = _remembered.get(workflow_id, version)
    if remembered is not None:
        return remembered
    dsl = await repos.workflow_versions.dsl_of(workflow_id, version)
    if dsl is None:
        raise NotFoundError(f"The workflow has no version {version}.")
    document, size = await asyncio.to_thread(_parsed, dsl)
    _remembered.put(workflow_id, version, document, size)
    return document


def _parsed(dsl: Any) -> tuple[Document, int]:
    return parse(dsl), len(orjson.dumps(dsl))


async def settings_of(repos: Repositories, workflow_id: str, version: int) -> Settings:
    """The settings of a version; the defaults where it says nothing. Raises as `document_of`."""
    return (await document_of(repos, workflow_id, version)).settings or Settings()
