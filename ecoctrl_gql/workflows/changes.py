"""What administrators do with workflows. Each change leaves an entry in the audit log."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.checks import about, optional_text, text
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.failures import DuplicateError
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import WorkflowRow
from ecoctrl_gql.errors import ConflictError, NotFoundError
from ecoctrl_gql.workflows.dsl.problems import Problem
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError, validate
from ecoctrl_gql.workflows.saving import Expected, OutdatedError, Saved
from ecoctrl_gql.workflows.secrets import check_seals, sealed
from ecoctrl_gql.workflows.slugs import slug_of, usable_slug, varied

MAX_NAME = 255
MAX_DESCRIPTION = 10_000
EVERYTHING = frozenset(attributes(WorkflowRow))


class WorkflowChanges:
    """
    Changes of workflows by a caller.

    Args:
        db: The database.
        keys: Seal the secrets in definitions.
        actor: Who does it.
        origin: From where.
    """

    def __init__(self, db: Database, keys: Keys, actor: Caller, origin: Origin) -> None:
        self._db, self._keys, self._actor, self._origin = db, keys, actor, origin

    async def create(
        self, *, name: str, slug: str | None, description: str | None, dsl: Any, enabled: bool
    ) -> Saved:
        """
        Make a workflow and publish its definition.

        Raises:
            BadInputError: A value can't be used.
            InvalidWorkflowError: The definition has errors.
            ConflictError: The slug is taken.
        """
        name = text(name, MAX_NAME, "input", "name")
        values = {
            "name": name,
            "description": optional_text(description, MAX_DESCRIPTION, "input", "description"),
            "slug": slug_of(name) if slug is None else usable_slug(slug),
            "enabled": enabled,
        }
        definition, problems = await self._usable(dsl)
        return Saved(await self._insert(values, definition, chosen=slug is not None), problems)

    async def duplicate(self, workflow_id: str, name: str | None) -> Saved:
        """
        Make a workflow like another, with the same published definition; it is disabled.

        Raises:
            NotFoundError: There is no such workflow.
            BadInputError: The name can't be used.
        """
        with about("input", "id"):
            known = await self._db.repositories().workflows.get(workflow_id, EVERYTHING)
        name = text(name or f"{known.name[: MAX_NAME - 10]} (copy)", MAX_NAME, "input", "name")
        values = {"name": name, "description": known.description, "slug": slug_of(name), "enabled": False}
        return Saved(await self._insert(values, known.dsl, chosen=False, like=known.slug))

    async def update(self, workflow_id: str, given: Mapping[str, Any], expected: Expected) -> Saved:
        """
        Change what is given: ``name``, ``description``, ``enabled``, and ``dsl``, which is published.

        Raises:
            NotFoundError: There is no such workflow.
            BadInputError: A value can't be used.
            InvalidWorkflowError: The definition has errors.
            OutdatedError: Somebody else changed the workflow in between.
        """
        values = dict(given)
        problems: list[Problem] = []
        if "name" in values:
            values["name"] = text(values["name"] or "", MAX_NAME, "input", "name")
        if "description" in values:
            path = ("input", "description")
            values["description"] = optional_text(values["description"], MAX_DESCRIPTION, *path)
        if "dsl" in values:
            values["dsl"], problems = await self._usable(values["dsl"])
            values["published_by"] = self._actor.user_id
        async with self._changing(workflow_id, expected) as (repos, known):
            workflow = await repos.workflows.update(workflow_id, **values)
            await self._record(repos, "updated", workflow, changed=sorted(given), before=known.version)
        return Saved(workflow, problems)

    async def save_draft(self, workflow_id: str, dsl: Any, expected: Expected) -> Saved:
        """
        Keep a definition that is being worked on, beside the published one; it may have errors.

        Raises:
            NotFoundError, OutdatedError: As for `update`.
            InvalidWorkflowError: It is no object, or too large to be kept.
        """
        validation = await asyncio.to_thread(validate, dsl)
        if not isinstance(dsl, dict) or any(not problem.path for problem in validation.problems):
            raise InvalidWorkflowError(validation.problems)
        check_seals(dsl, self._keys)
        async with self._changing(workflow_id, expected) as (repos, _):
            workflow = await repos.workflows.update(workflow_id, draft=sealed(dsl, self._keys))
            await self._record(repos, "draft_saved", workflow)
        return Saved(workflow, validation.problems)

    async def discard_draft(self, workflow_id: str, expected: Expected) -> Saved:
        """Give up the draft. Raises as `update`; ConflictError where there is none."""
        async with self._changing(workflow_id, expected) as (repos, known):
            self._require_draft(known)
            workflow = await repos.workflows.update(workflow_id, draft=None)
            await self._record(repos, "draft_discarded", workflow)
        return Saved(workflow)

    async def publish(self, workflow_id: str, expected: Expected) -> Saved:
        """
        Publish the draft.

        Raises:
            NotFoundError, OutdatedError: As for `update`.
            InvalidWorkflowError: It has errors.
            ConflictError: There is no draft.
        """
        with about("input", "id"):
            known = await self._db.repositories().workflows.get(workflow_id, EVERYTHING)
        self._require_draft(known)
        definition, problems = await self._usable(known.draft)
        async with self._changing(workflow_id, expected) as (repos, current):
            if current.draft != known.draft:
                raise OutdatedError("The draft was changed in between.", current, "id")
            workflow = await repos.workflows.update(
                workflow_id, dsl=definition, draft=None, published_by=self._actor.user_id
            )
            await self._record(repos, "published", workflow)
        return Saved(workflow, problems)

    async def roll_back(self, workflow_id: str, version: int, expected: Expected) -> Saved:
        """
        Publish an old version as a new one.

        Raises:
            NotFoundError: There is no such workflow or version.
            OutdatedError: As for `update`.
            InvalidWorkflowError: What was published then can't run any more.
        """
        repos = self._db.repositories()
        with about("input", "id"):
            await repos.workflows.get(workflow_id, frozenset())
        old = await repos.workflow_versions.dsl_of(workflow_id, version)
        if old is None:
            raise NotFoundError(f"The workflow has no version {version}.", field=("input", "version"))
        definition, problems = await self._usable(old)
        async with self._changing(workflow_id, expected) as (repos, _):
            workflow = await repos.workflows.update(
                workflow_id, dsl=definition, published_by=self._actor.user_id
            )
            await self._record(repos, "rolled_back", workflow, to=version)
        return Saved(workflow, problems)

    async def set_enabled(self, workflow_id: str, enabled: bool) -> Saved:
        """Arm or disarm the triggers. Raises NotFoundError."""
        async with self._changing(workflow_id, Expected()) as (repos, _):
            workflow = await repos.workflows.update(workflow_id, enabled=enabled)
            await self._record(repos, "enabled" if enabled else "disabled", workflow)
        return Saved(workflow)

    async def delete(self, workflow_id: str, *, force: bool) -> None:
        """
        Delete a workflow with its versions and all its runs.

        Raises:
            NotFoundError: There is no such workflow.
            ConflictError: Runs of it are active, and ``force`` is not set.
        """
        async with self._changing(workflow_id, Expected()) as (repos, known):
            active = await repos.workflow_executions.active(workflow_id, pending=True)
            if active and not force:
                message = f"{len(active)} runs of the workflow are active; stop them, or delete by force."
                raise ConflictError(message, field=("input", "force"))
            await self._record(repos, "deleted", known, active=len(active))
            await repos.workflows.delete(workflow_id)

    @asynccontextmanager
    async def _changing(
        self, workflow_id: str, expected: Expected
    ) -> AsyncIterator[tuple[Repositories, WorkflowRow]]:
        """A transaction in which nobody else changes the workflow."""
        async with self._db.transaction() as repos:
            await repos.lock(f"workflow {workflow_id}")
            with about("input", "id"):
                known = await repos.workflows.get(workflow_id, EVERYTHING)
            expected.check(known)
            yield repos, known

    async def _usable(self, dsl: Any) -> tuple[Any, list[Problem]]:
        """A definition without errors, its secrets under seal, and what to mind about it."""
        validation = await asyncio.to_thread(validate, dsl)  # a large one takes a second
        if validation.document is None:
            raise InvalidWorkflowError(validation.problems)
        check_seals(dsl, self._keys)
        return sealed(dsl, self._keys), validation.problems

    async def _insert(
        self, values: dict[str, Any], dsl: Any, *, chosen: bool, like: str | None = None
    ) -> WorkflowRow:
        """Insert a workflow; a slug that nobody chose is varied where it is taken."""
        values = {**values, "dsl": dsl, "user_id": self._actor.user_id, "published_by": self._actor.user_id}
        try:
            return await self._inserted(values, like)
        except DuplicateError as error:
            if "slug" not in error.constraint:
                raise
            if chosen:
                message = f"Another workflow has the slug {values['slug']}."
                raise ConflictError(message, field=("input", "slug")) from None
        return await self._inserted({**values, "slug": varied(values["slug"])}, like)

    async def _inserted(self, values: dict[str, Any], like: str | None) -> WorkflowRow:
        async with self._db.transaction() as repos:
            workflow = await repos.workflows.create(**values)
            details = {} if like is None else {"like": like}
            await self._record(repos, "created", workflow, **details)
        return workflow

    def _require_draft(self, workflow: WorkflowRow) -> None:
        if workflow.draft is None:
            raise ConflictError("The workflow has no draft.", field=("input", "id"))

    async def _record(self, repos: Repositories, action: str, workflow: WorkflowRow, **details: Any) -> None:
        await audit.record(
            repos,
            self._actor,
            self._origin,
            f"workflow.{action}",
            global_id(WorkflowRow, workflow.id),
            name=workflow.name,
            slug=workflow.slug,
            version=workflow.version,
            enabled=workflow.enabled,
            **details,
        )
