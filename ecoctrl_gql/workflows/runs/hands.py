"""What carries out the nodes that do something: for real here, only told in a dry run."""

from asyncio import Semaphore
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.dsl.registry import Effect
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.steps import Journal, Step

Finished = Callable[[Any], Step]
"""Makes the step of what a node gave."""


class Hands(Protocol):
    """Carries out a node."""

    async def act(
        self,
        action: Action[Any],
        config: Any,
        step: Step,
        journal: Journal,
        finished: Finished,
        *,
        begun: bool,
    ) -> Step:
        """
        Carry out a node, and keep its step.

        Args:
            action: What its kind does.
            config: Its config, templates rendered.
            step: The step, begun.
            journal: Where steps are kept.
            finished: Makes the step of the result.
            begun: Whether the attempt was begun before, in a process that was cut short.
        """
        ...


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Which run it is that nodes act for."""

    execution_id: str
    workflow_id: str | None
    user_id: str | None
    effect_id: str
    trigger: Any


@dataclass(frozen=True, slots=True)
class RealHands:
    """
    Do what nodes do.

    An effect on our own database and its step are one transaction, so it happens exactly once. Any other is
    begun, carried out and completed one after the other: cut short between them it is repeated, with the same
    key.

    Attributes:
        run: Which run it is.
        db: The database.
        tools: What nodes reach the world with.
        now: The time.
        turns: How many transactions of nodes the worker has at a time, so that each finds a connection.
    """

    run: RunIdentity
    db: Database
    tools: Tools
    now: Callable[[], datetime]
    turns: Semaphore

    async def act(
        self,
        action: Action[Any],
        config: Any,
        step: Step,
        journal: Journal,
        finished: Finished,
        *,
        begun: bool,
    ) -> Step:
        call = NodeCall(
            config=config,
            key=f"{self.run.effect_id}/{step.path}",
            execution_id=self.run.execution_id,
            workflow_id=self.run.workflow_id,
            user_id=self.run.user_id,
            trigger=self.run.trigger,
            now=self.now(),
            db=self.db,
            repos=None,
            tools=self.tools,
            tries_left=max(0, action.retries(config) + 1 - step.attempt),
        )
        if action.kind.effect is Effect.DATABASE:
            async with self.turns, journal.transaction() as repos:
                done = finished(await action.run(replace(call, repos=repos)))
                await journal.note(done, repos)
            return done
        if not begun:
            await journal.note(step)
        done = finished(await action.run(call))
        await journal.note(done)
        return done
