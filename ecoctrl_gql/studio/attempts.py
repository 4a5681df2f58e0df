"""
How often somebody may try to log in.

Kept in this process: each server process counts for itself, which multiplies the limits by their number.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

WINDOW_S = 300.0
PER_ACCOUNT_AND_CLIENT = 5
PER_CLIENT = 30
PER_ACCOUNT = 50
"""From all clients together; high, for whoever reaches it locks the account's owner out."""

REMEMBERED = 10_000


@dataclass(slots=True)
class _Window:
    ends: float
    attempts: int = 0


class LoginAttempts:
    """Attempts within the last minutes, by account and by client."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[Hashable, _Window] = {}

    def begin(self, account: str, client: str) -> float | None:
        """Count an attempt before it is checked; gives the seconds to wait where there were too many."""
        limits = self._limits(account, client)
        windows = [(self._window(key), limit) for key, limit in limits.items()]
        full = [window.ends for window, limit in windows if window.attempts >= limit]
        if full:
            return max(full) - self._clock()
        for window, _ in windows:
            window.attempts += 1
        return None

    def succeeded(self, account: str, client: str) -> None:
        """Take the attempt back: only failures count."""
        for key in self._limits(account, client):
            self._window(key).attempts -= 1

    def _limits(self, account: str, client: str) -> dict[Hashable, int]:
        name = account.casefold()
        return {
            ("both", name, client): PER_ACCOUNT_AND_CLIENT,
            ("client", client): PER_CLIENT,
            ("account", name): PER_ACCOUNT,
        }

    def _window(self, key: Hashable) -> _Window:
        now = self._clock()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            self._windows.pop(key, None)  # so that they stand in the order in which they end
            self._forget(now)
            window = self._windows[key] = _Window(ends=now + WINDOW_S)
        return window

    def _forget(self, now: float) -> None:
        while self._windows:
            key, oldest = next(iter(self._windows.items()))
            if oldest.ends > now and len(self._windows) < REMEMBERED:
                return
            del self._windows[key]
