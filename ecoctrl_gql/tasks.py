"""Ending what runs in the background."""

import asyncio
from typing import Any, Final

ASK_AGAIN_S: Final = 1.0


async def end(*tasks: asyncio.Task[Any] | None) -> None:
    """
    Cancel tasks and wait for their end, whatever they end with.

    They are asked again: `asyncio.wait_for` of Python 3.11, with which the pool waits for connections, loses
    a cancellation that comes together with what it waits for.
    """
    left = {task for task in tasks if task is not None}
    while left:
        for task in left:
            task.cancel()
        ended, left = await asyncio.wait(left, timeout=ASK_AGAIN_S)
        for task in ended:
            if not task.cancelled():
                task.exception()  # looked at, so that nobody complains that it was not
