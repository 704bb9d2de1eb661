"""The command line as real processes: started, watched, told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psutil
import pytest

from tests.acceptance.forked import Forked, fork

PATIENCE = 90.0
"""Seconds after which something that should have happened is taken not to happen."""


@dataclass(frozen=True)
class Program:
    """A running command. What it says goes to a file."""

    process: Forked
    output: Path

    def said(self) -> str:
        """Everything it said so far, on both streams."""
        return self.output.read_text("utf-8", "replace")

    def wait_for(self, text: str) -> str:
        """Return what it said once a text stands in it."""
        until(lambda: text in self.said() or self.process.returncode is not None, lambda: self.said()[-3000:])
        assert text in self.said(), self.said()[-3000:]
        return self.said()

    def descendants(self) -> list[psutil.Process]:
        """Every process below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def program(output: Path, *arguments: str, environ: dict[str, str] | None = None) -> Iterator[Program]:
    """Run `sp4n-gateway` with arguments; whatever is left of it at the end is killed."""
    with output.open("wb") as out:
        process = fork(arguments, around(environ), out, out)
    running = Program(process, output)
    try:
        yield running
    finally:
        left = running.descendants() if process.returncode is None else []
        process.kill()
        process.wait(PATIENCE)
        for child in left:
            _kill(child)


def ran(
    *arguments: str, environ: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `sp4n-gateway` to its end."""
    with TemporaryFile() as output, TemporaryFile() as errors:
        process = fork(arguments, around(environ), output, errors, cwd or Path.cwd())
        try:
            code = process.wait(PATIENCE)
        finally:
            process.kill()
        said = [_read(stream) for stream in (output, errors)]
    return subprocess.CompletedProcess(arguments, code, *said)


def _read(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def command(*arguments: str) -> Sequence[str]:
    """The command line of this very environment, for a test that starts it from nothing."""
    return (sys.executable, "-m", "gateway.cli", *arguments)


def around(environ: dict[str, str] | None) -> dict[str, str]:
    """The environment without any setting of the developer's own, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SP4N_GATEWAY_")}
    return kept | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])} | (environ or {})


def until(holds: Callable[[], bool], told: Callable[[], str] = str) -> None:
    """Return when it holds; fail when it does not in time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"it did not happen within {PATIENCE:g} seconds: {told()}")
        time.sleep(0.05)


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()
