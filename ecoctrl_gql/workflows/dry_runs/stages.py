"""Which definition is to be tried."""

import asyncio
from dataclasses import dataclass
from typing import Any

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import BadInputError, NotFoundError
from ecoctrl_gql.platform.clock import site_zone
from ecoctrl_gql.workflows.dry_runs.rehearsal import Stage
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError, parse
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.frames import offered_settings, secrets_of


@dataclass(frozen=True, slots=True)
class Which:
    """
    A definition: one that is given, or one of a stored workflow.

    Attributes:
        workflow_id: The workflow's key.
        version: A published version; the current one by default.
        draft: Whether the draft is meant.
        dsl: The definition itself.
    """

    workflow_id: str | None = None
    version: int | None = None
    draft: bool = False
    dsl: Any = None


async def stage_of(
    db: Database, settings: Settings, keys: Keys, which: Which, *, user_id: str | None, mocks: Any
) -> Stage:
    """
    The stage of a definition.

    Raises:
        BadInputError: It is not said which, twice said, or the mocks are no object.
        NotFoundError: There is no such workflow or version.
        InvalidWorkflowError: The definition has errors.
    """
    if (which.workflow_id is None) == (which.dsl is None):
        raise BadInputError("Give either the id of a workflow or a definition.", field=("input", "dsl"))
    if mocks is not None and not isinstance(mocks, dict):
        raise BadInputError("mocks must be an object: results by the ids of nodes.", field=("input", "mocks"))
    dsl = which.dsl if which.workflow_id is None else await _stored(db, which)
    document = await asyncio.to_thread(parse, dsl)
    return Stage(
        document=document,
        workflow_id=which.workflow_id,
        user_id=user_id,
        db=db,
        tools=Tools.of(settings, db),
        settings=offered_settings(settings),
        secrets=secrets_of(document, keys),
        zone=await site_zone(db.repositories()),
        mocks=mocks or {},
    )


async def _stored(db: Database, which: Which) -> Any:
    repos = db.repositories()
    workflow = await repos.workflows.get(which.workflow_id, frozenset({"dsl", "draft"}))
    if which.draft:
        if workflow.draft is None:
            raise NotFoundError("The workflow has no draft.")
        return workflow.draft
    if which.version is None:
        return workflow.dsl
    dsl = await repos.workflow_versions.dsl_of(str(which.workflow_id), which.version)
    if dsl is None:
        raise NotFoundError(f"The workflow has no version {which.version}.")
    return dsl


def all_problems(error: InvalidWorkflowError) -> BadInputError:
    """The same error, with everything that is wrong in its words."""
    lines = [f"{problem.path or 'dsl'}: {problem.message}" for problem in error.problems[:20]]
    return BadInputError("The definition has errors. " + " ".join(lines), field=("input", "dsl"))
