"""
Calls from outside that start workflows.

Whoever may not start a workflow does not learn whether it is there: a slug that nobody has, a workflow that
is disabled, an address that is not allowed and a signature that does not fit get the same answer after the
same work. Why it was so stands in the log, without what was sent.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.auth.limits import Limit
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.workflow_triggers import ArmedTrigger
from ecoctrl_gql.errors import BadInputError, NotFoundError, RateLimitedError
from ecoctrl_gql.workflows.dsl.kinds.triggers import WebhookConfig
from ecoctrl_gql.workflows.runs.starting import NewRun, start_run
from ecoctrl_gql.workflows.secrets import opened
from ecoctrl_gql.workflows.triggers.calls import (
    STRANGER,
    Call,
    fault_of,
    idempotency_key,
    payload_of,
    says_json,
)
from ecoctrl_gql.workflows.triggers.limiter import Limiter
from ecoctrl_gql.workflows.triggers.networks import neighbourhood
from ecoctrl_gql.workflows.triggers.scheduling import dedup_key

MAX_BODY_BYTES: Final = 262_144
MAX_SLUG: Final = 128

CALLS_OF_CLIENT: Final = Limit("webhook calls of a client", 300, 15.0)
CALLS_OF_WEBHOOK: Final = Limit("webhook calls", 600, 30.0)

AT_ONCE = 3
"""Runs that a process starts for webhooks at the same time, so that others have connections."""

WAITING = 100
"""How many calls may wait for that."""

NOTHING_THERE = "There is no such webhook, or the call is not signed as it has to be."

log = structlog.stdlib.get_logger("ecoctrl.webhooks")


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    What became of a call.

    Attributes:
        execution_id: The run; None where the workflow lets no other begin now.
        repeated: Whether an earlier call with the same key had started it.
    """

    execution_id: str | None
    repeated: bool


class Webhooks:
    """Takes calls; what it counts it counts for all processes together."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self._db, self._keys = db, keys
        self._limiter = Limiter(db)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def admit(self, client: str | None) -> None:
        """
        Count a call, before anything is done for it.

        Raises:
            RateLimitedError: The client has called too often.
        """
        await self._limiter.take(CALLS_OF_CLIENT, neighbourhood(client))

    async def take(self, call: Call) -> Accepted:
        """
        Start what a call starts.

        Raises:
            NotFoundError: There is no such webhook, or the caller may not call it.
            BadInputError: The call may be made, but its body is no JSON.
            RateLimitedError: The webhook was called too often.
            UnavailableError: The database is away.
        """
        trigger = await self._believing(call)
        if not (trigger.config.get("secret") or says_json(call.headers)):
            raise BadInputError("Without a secret, only application/json is taken.")
        await self._limiter.take(CALLS_OF_WEBHOOK, trigger.id)
        data = {**payload_of(call.body), "clientIp": call.client, "source": "webhook"}
        key = idempotency_key(call.headers)
        async with self._turn():
            return await self._start(trigger, data, key and dedup_key("webhook", trigger.path, key))

    async def _start(self, trigger: ArmedTrigger, data: dict[str, Any], key: str | None) -> Accepted:
        run = NewRun(
            workflow_id=trigger.workflow_id,
            version=trigger.version,
            trigger=TriggerType.WEBHOOK,
            data=data,
            start_node_id=trigger.node_id,
            dedup_key=key,
        )
        async with self._db.transaction() as repos:
            if not await repos.workflow_triggers.keep([trigger.id]):
                raise NotFoundError(NOTHING_THERE)
            if key is not None:
                await repos.lock(f"webhook {trigger.workflow_id} {key}")
                earlier = await repos.workflow_executions.started_by(trigger.workflow_id, key)
                if earlier is not None:
                    return Accepted(earlier, repeated=True)
            started = await start_run(repos, run)
        return Accepted(started.id if started else None, repeated=False)

    async def _believing(self, call: Call) -> ArmedTrigger:
        """
        The trigger that believes a call; one with a secret comes before one without.

        Raises:
            NotFoundError: None does.
        """
        known = 0 < len(call.slug) <= MAX_SLUG and "\0" not in call.slug
        repos = self._db.repositories()
        armed = await repos.workflow_triggers.of_slug(call.slug if known else "", TriggerType.WEBHOOK)
        reasons = {}
        for trigger in sorted(armed, key=lambda one: not one.config.get("secret")):
            reasons[trigger.path] = fault = self._fault(trigger, call)
            if fault is None:
                return trigger
        if not armed:
            fault_of(STRANGER, call)
        log.info("A webhook call was refused.", client=call.client, reasons=reasons or "Nobody has the slug.")
        raise NotFoundError(NOTHING_THERE)

    def _fault(self, trigger: ArmedTrigger, call: Call) -> str | None:
        """Why a trigger does not believe a call; None where it does."""
        config = dict(trigger.config)
        try:
            if config.get("secret"):
                config["secret"] = opened(config["secret"], self._keys)
        except BadInputError as error:
            return error.message
        return fault_of(WebhookConfig.model_validate(config), call)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= WAITING:
            raise RateLimitedError("Too many webhooks are called at the same time.", retry_after_s=1)
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1
