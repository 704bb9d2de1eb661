"""Progress of long work: a bar on a terminal's stderr, nothing anywhere else."""

from __future__ import annotations

import sys
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Steps:
    """A bar for one piece of work. May be advanced from any thread."""

    def __init__(self, name: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(
            *columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True
        )
        self._task = self._progress.add_task(name, total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._progress.stop()

    def expect(self, total: int) -> None:
        """So many steps there will be."""
        self._progress.update(self._task, total=total)

    def advance(self, steps: int) -> None:
        """So many are done."""
        self._progress.advance(self._task, steps)
