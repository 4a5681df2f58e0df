"""Locks that end with the process holding them, however it ends."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool, wait: bool) -> None:  # noqa: ARG001 - there are no shared locks
        os.lseek(
            descriptor, 1 << 30, os.SEEK_SET
        )  # a locked byte can't be read, and the text before it should be
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool, wait: bool) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        # Closing is not enough: a program just being forked shares the descriptor, and with it the lock.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class FileLock:
    """
    A lock on a file, exclusive or shared, between processes and between objects of one process.

    The file stays: removing it would let two processes each lock their own file of that name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock. Returns whether it is held, which is always so with ``wait``."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor, shared=shared, wait=wait)
        except BaseException as error:
            os.close(descriptor)
            if not wait and isinstance(error, (BlockingIOError, PermissionError)):
                return False
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go of the lock; does nothing when it is not held."""
        if self._descriptor is not None:
            _unlock(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
