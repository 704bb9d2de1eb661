"""The processes of the demonstration: commands of this same program, each with its log, all ended together.

A child holds the reading end of a pipe whose other end is ours: however this process ends, the pipe closes and the
child leaves. Children are in a session of their own: Ctrl-C reaches only this process, which ends them in order.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import GatewayError

_LAST_LINES = 12


class ChildEnded(GatewayError):
    """A process of the demonstration ended by itself."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process."""

    name: str
    process: Process
    log: Path

    def ended(self) -> ChildEnded | None:
        """What to say when it ended by itself, with the last lines of its log."""
        if self.process.returncode is None:
            return None
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
        return ChildEnded(
            f"{self.name} ended with {self.process.returncode}; its log is {self.log} and ends so:\n" + "\n".join(lines)
        )


async def start_child(name: str, arguments: Sequence[str], environ: Mapping[str, str], logs: Path) -> Child:
    """Start `sp4n-gateway` with arguments; what it says goes to `<name>.log` in the folder of logs."""
    log = logs / f"{name}.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway.cli",
            *arguments,
            "--tethered",
            stdin=PIPE,
            stdout=output,
            stderr=STDOUT,
            env=dict(environ),
            start_new_session=True,
        )
    return Child(name, process, log)


async def end_children(children: Sequence[Child], seconds: float) -> None:
    """Ask all of them to leave and wait; who has not left after so many seconds is killed."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(child.process.wait() for child in children))
    except TimeoutError:
        kill_children(children)
        await asyncio.gather(*(child.process.wait() for child in children))


def kill_children(children: Sequence[Child]) -> None:
    """End them at once."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.kill()
