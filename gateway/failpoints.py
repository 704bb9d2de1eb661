"""Named places at which a test can make the process die, to show that the promises survive it.

`ledger.keep_reports.committed:3` kills the process (SIGKILL, no clean-up) the third time it gets there; `trace:FILE`
only writes the name of every place that is reached into the file, so that a test can find them all. Production
refuses both.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

Reach = Callable[[str], None]

_TRACE = "trace:"


def no_failpoint(name: str) -> None:
    """Reach a place, and nothing happens."""


def failpoint(spec: str | None) -> Reach:
    """The function to call at every named place. Raises ValueError for a spec of another form."""
    if not spec:
        return no_failpoint
    if spec.startswith(_TRACE):
        return _Trace(Path(spec.removeprefix(_TRACE))).reach
    name, _, count = spec.partition(":")
    return _Kill(name, int(count or 1)).reach


class _Trace:
    def __init__(self, file: Path) -> None:
        self._file = file

    def reach(self, name: str) -> None:
        with self._file.open("a") as file:
            file.write(f"{name}\n")


class _Kill:
    def __init__(self, name: str, count: int) -> None:
        if count < 1:
            raise ValueError("a failpoint counts from 1")
        self._name = name
        self._left = count

    def reach(self, name: str) -> None:
        if name != self._name:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
