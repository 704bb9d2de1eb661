"""Processes of the gateway, forked from one that has imported it already (`template.py`): a start costs little.

They stand in for `python -m gateway.cli`, which a test starts by itself where the start is what it tries.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.acceptance.template import TOLD

ROOT = Path(__file__).resolve().parents[2]


class Forked:
    """A process of the gateway. `returncode` is as of subprocess: negative for a signal, None while it runs."""

    def __init__(self, told: int) -> None:
        self._told = told
        self._code: int | None = None
        self.pid = self._number()
        os.set_blocking(told, False)

    @property
    def returncode(self) -> int | None:
        if self._code is None:
            with suppress(BlockingIOError):
                self._code = self._number()
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it is gone."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)

    def wait(self, seconds: float) -> int:
        """Wait for its end, and return its exit code. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while (code := self.returncode) is None:
            if not select.select([self._told], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(f"process {self.pid} has not ended within {seconds:g} seconds")
        return code

    async def ended(self) -> int:
        """Wait for its end, and return its exit code; any number of tasks may wait."""
        loop = asyncio.get_running_loop()
        while (code := self.returncode) is None:
            file, readable = os.dup(self._told), asyncio.Event()
            loop.add_reader(file, readable.set)
            try:
                await readable.wait()
            finally:
                loop.remove_reader(file)
                os.close(file)
        return code

    def __del__(self) -> None:
        os.close(self._told)

    def _number(self) -> int:
        told = os.read(self._told, TOLD.size)
        assert told, "the template of the gateway's processes is gone"
        return int(TOLD.unpack(told)[0])


def fork(
    arguments: Sequence[str], environment: Mapping[str, str], output: IO[bytes], errors: IO[bytes], folder: Path = ROOT
) -> Forked:
    """Start `sp4n-gateway` with arguments, in a folder, with these variables and no others; nobody types anything."""
    request = {"arguments": arguments, "environment": dict(environment), "folder": str(folder)}
    line = json.dumps(request).encode() + b"\n"
    ours, theirs = os.pipe()
    with Path(os.devnull).open("rb") as nothing:
        files = [nothing.fileno(), output.fileno(), errors.fileno(), theirs]
        sent = socket.send_fds(_template().asked, [line], files)
    _template().asked.sendall(line[sent:])
    os.close(theirs)
    return Forked(ours)


@dataclass(frozen=True)
class _Template:
    """The process, which ends when this one does, and where it is asked."""

    process: subprocess.Popen[bytes]
    asked: socket.socket


@functools.cache
def _template() -> _Template:
    asked, answers = socket.socketpair()
    with answers:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.template", str(answers.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[answers.fileno()],
        )
    return _Template(process, asked)
