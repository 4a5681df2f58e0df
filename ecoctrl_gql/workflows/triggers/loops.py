"""Work that a process does again and again until it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ecoctrl_gql.errors import EcoctrlError

RETRY_AFTER_S = (0.2, 0.5, 1.0, 2.0, 5.0)

log = structlog.stdlib.get_logger("ecoctrl.workflows")


async def again_and_again(work: Callable[[], Awaitable[None]], what: str) -> None:
    """
    Do something over and over; it waits by itself until it is needed again.

    What fails is tried again, more and more rarely but at least every five seconds, and told once.
    """
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:
            if not failures:
                fault = None if isinstance(error, EcoctrlError) else error
                log.warning(f"{what} wait; it is tried again.", reason=str(error), exc_info=fault)
            await asyncio.sleep(RETRY_AFTER_S[min(failures, len(RETRY_AFTER_S) - 1)])
            failures += 1


class Alarm:
    """Something that can be waited for a while, and set from anywhere in the process."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    async def wait(self, most_s: float) -> bool:
        """Wait until it is set, at most so long; whether it was, and it is not any more."""
        try:
            async with asyncio.timeout(most_s):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
