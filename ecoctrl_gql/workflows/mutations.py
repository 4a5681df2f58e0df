from collections.abc import Awaitable
from typing import Any

import strawberry
from strawberry import ID, UNSET, Info

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import Given, Partly, mutation
from ecoctrl_gql.db.tables import WorkflowRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.changes import WorkflowChanges
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError
from ecoctrl_gql.workflows.inputs import (
    CreateWorkflowInput,
    DeleteWorkflowInput,
    DuplicateWorkflowInput,
    RollbackWorkflowInput,
    SaveWorkflowDraftInput,
    SetWorkflowEnabledInput,
    UpdateWorkflowInput,
    WorkflowInput,
)
from ecoctrl_gql.workflows.saving import Expected, OutdatedError, Saved
from ecoctrl_gql.workflows.types import Workflow
from ecoctrl_gql.workflows.validation import WorkflowProblem

CHANGEABLE = ("name", "description", "dsl", "enabled")

GIVES: Given = {
    "workflow": (Workflow, "The workflow as it is now, also where somebody else changed it in between."),
    "problems": (
        list[WorkflowProblem],
        "Everything that is wrong with the definition: warnings where it was taken, errors where not.",
    ),
}


@strawberry.type
class WorkflowMutation:
    @mutation(
        rule=ADMINS, description="Make a workflow and publish its definition, as version 1.", gives=GIVES
    )
    async def create_workflow(self, info: Info[Any, Any], input: CreateWorkflowInput) -> Partly:
        return await _told(
            _changes(info).create(
                name=input.name,
                slug=input.slug,
                description=input.description,
                dsl=input.dsl,
                enabled=input.enabled,
            )
        )

    @mutation(
        rule=ADMINS,
        description="Change a workflow. Another definition is published as the next version; runs that go on "
        "stay with the version that they began with.",
        gives=GIVES,
    )
    async def update_workflow(self, info: Info[Any, Any], input: UpdateWorkflowInput) -> Partly:
        given = {name: value for name in CHANGEABLE if (value := getattr(input, name)) is not UNSET}
        for name in ("enabled", "dsl"):
            if name in given and given[name] is None:
                raise BadInputError(f"{name} can't be null.", field=("input", name))
        return await _told(
            _changes(info).update(_key(input.id), given, Expected(version=input.expected_version))
        )

    @mutation(
        rule=ADMINS,
        description="Keep a definition that is being worked on, beside the published one, which goes on "
        "to run.",
        gives=GIVES,
    )
    async def save_workflow_draft(self, info: Info[Any, Any], input: SaveWorkflowDraftInput) -> Partly:
        expected = Expected(updated_at=input.expected_updated_at)
        return await _told(_changes(info).save_draft(_key(input.id), input.dsl, expected))

    @mutation(rule=ADMINS, description="Publish the draft as the next version.", gives=GIVES)
    async def publish_workflow(self, info: Info[Any, Any], input: WorkflowInput) -> Partly:
        return await _told(_changes(info).publish(_key(input.id), _expected(input)))

    @mutation(rule=ADMINS, description="Give up the draft.", gives=GIVES)
    async def discard_workflow_draft(self, info: Info[Any, Any], input: WorkflowInput) -> Partly:
        return await _told(_changes(info).discard_draft(_key(input.id), _expected(input)))

    @mutation(
        rule=ADMINS,
        description="Publish an old version again, as the next version; the versions between are kept.",
        gives=GIVES,
    )
    async def rollback_workflow(self, info: Info[Any, Any], input: RollbackWorkflowInput) -> Partly:
        expected = Expected(version=input.expected_version)
        return await _told(_changes(info).roll_back(_key(input.id), input.version, expected))

    @mutation(
        rule=ADMINS,
        description="Arm or disarm the triggers of a workflow; runs that go on are not touched.",
        gives=GIVES,
    )
    async def set_workflow_enabled(self, info: Info[Any, Any], input: SetWorkflowEnabledInput) -> Partly:
        return await _told(_changes(info).set_enabled(_key(input.id), input.enabled))

    @mutation(
        rule=ADMINS,
        description="Make a workflow like another, with its published definition; the new one is disabled.",
        gives=GIVES,
    )
    async def duplicate_workflow(self, info: Info[Any, Any], input: DuplicateWorkflowInput) -> Partly:
        return await _told(_changes(info).duplicate(_key(input.id), input.name))

    @mutation(
        rule=ADMINS,
        description="Delete a workflow with its versions and all its runs.",
        gives={"deleted_id": (ID, "The id of the workflow that is gone.")},
    )
    async def delete_workflow(self, info: Info[Any, Any], input: DeleteWorkflowInput) -> ID:
        await _changes(info).delete(_key(input.id), force=input.force)
        return input.id


def _changes(info: Info[Any, Any]) -> WorkflowChanges:
    context = info.context
    return WorkflowChanges(context.db, context.auth.keys, context.signed_in(), context.origin)


def _key(id: ID) -> str:
    return str(key_of(WorkflowRow, id, "id"))


def _expected(input: WorkflowInput) -> Expected:
    return Expected(input.expected_version, input.expected_updated_at)


async def _told(change: Awaitable[Saved]) -> Partly:
    """What a change came to; what is wrong with a definition is told as a whole."""
    try:
        return Partly(await change, [])
    except InvalidWorkflowError as error:
        return Partly(Saved(None, error.problems), [error])
    except OutdatedError as error:
        return Partly(Saved(error.current), [error])
