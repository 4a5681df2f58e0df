"""How long work tells what it is doing: a bar on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """What long work reports to."""

    def step(self, description: str, total: int | None = None) -> None:
        """A new step begins, which ends the one before; ``total`` is its size, where that is known."""
        ...

    def advance(self, amount: int = 1) -> None:
        """So much more of the step is done."""
        ...


class Silent:
    """Progress that nobody watches."""

    def step(self, description: str, total: int | None = None) -> None:
        pass

    def advance(self, amount: int = 1) -> None:
        pass


class Lines:
    """A line for each step, and one at each quarter of a step whose size is known."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._description = ""
        self._total = self._done = self._quarters = 0

    def step(self, description: str, total: int | None = None) -> None:
        self._description = description
        self._total, self._done, self._quarters = total or 0, 0, 0
        self._write(f"{description} …")

    def advance(self, amount: int = 1) -> None:
        self._done += amount
        quarters = min(4, 4 * self._done // self._total) if self._total else 0
        if quarters > self._quarters:
            self._quarters = quarters
            self._write(f"{self._description}: {25 * quarters} %")

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class Bar:
    """A bar that moves, one line a step."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def step(self, description: str, total: int | None = None) -> None:
        self.finish()
        self._task = self._bars.add_task(description, total=total)

    def advance(self, amount: int = 1) -> None:
        if self._task is not None:
            self._bars.advance(self._task, amount)

    def finish(self) -> None:
        """Fill the bar of the step that ends."""
        if self._task is not None:
            done = self._bars.tasks[-1]
            self._bars.update(self._task, total=done.total or 1, completed=done.total or 1)


@contextmanager
def shown_progress(stream: TextIO) -> Iterator[Progress]:
    """Progress for people who watch ``stream``: a bar when it is a terminal, else plain lines."""
    console = Console(file=stream)
    if not console.is_terminal:
        yield Lines(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with RichProgress(*columns, console=console) as bars:
        bar = Bar(bars)
        yield bar
        bar.finish()
