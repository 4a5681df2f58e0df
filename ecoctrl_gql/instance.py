"""One server a data folder."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from ecoctrl_gql.db.embedded.locks import FileLock
from ecoctrl_gql.errors import SetupError


class InstanceLock:
    """Held by the server that runs on a data folder; free again as soon as that process is gone."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    @classmethod
    def acquire(cls, data_dir: Path) -> Self:
        """
        Claim a data folder for this process.

        Raises:
            SetupError: Another server runs on the folder, or the folder can't be written.
        """
        lock = FileLock(data_dir / "server.lock")
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            if not lock.acquire(wait=False):
                raise SetupError(_taken_by(lock.path.read_text(encoding="utf-8"), data_dir))
            lock.path.write_text(f"{os.getpid()}\n", encoding="utf-8")
        except OSError as error:
            raise SetupError(f"The data folder {data_dir} can't be used: {error.strerror}.") from error
        return cls(lock)

    def release(self) -> None:
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _taken_by(holder: str, data_dir: Path) -> str:
    # The holder locks first and writes its number next: for a moment there is none.
    who = f" (pid {holder.strip()})" if holder.strip() else ""
    return (
        f"Another EcoCtrl server{who} already runs on this folder; stop it first, or give this one"
        f" another DATA_DIR than {data_dir}."
    )
