"""Runs a command with the servers and the browser that the tests need: `python -m scripts.services pytest ...`.

A server that answers where its variable says, or on its standard port, is used as it is. Otherwise a throw-away one is
started from the distribution's packages, in a temporary folder, and is gone afterwards. Where that cannot be done
either, it is said, and the tests that need the server skip; with CI=true the run ends instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gateway.chaos.servers import newest
from scripts.browser import VARIABLE, chromium
from scripts.servers import KINDS, ServerKind, Unavailable, found_or_installed

PROMTOOL = "SP4N_TEST_PROMTOOL"


@dataclass(frozen=True, slots=True)
class Provided:
    """A server for the tests, or why there is none. `note` is what a person reads."""

    variable: str
    url: str | None
    note: str


def provide(kind: ServerKind, environment: Mapping[str, str], stack: ExitStack, folder: Path) -> Provided:
    """The server that answers already, or a throw-away one that ends with `stack`."""
    url = environment.get(kind.variable, kind.standard_url)
    if kind.answers(url):
        return Provided(kind.variable, url, f"{kind.name}: the one that answers at {url.rpartition('@')[2]}")
    try:
        started = kind.start(folder, stack)
    except Unavailable as missing:
        return Provided(kind.variable, None, f"{kind.name}: LEFT OUT, its tests skip. {missing}")
    return Provided(kind.variable, started, f"{kind.name}: a throw-away one at {started.rpartition('@')[2]}")


def provide_program(name: str, variable: str, find: Callable[[], str | Path]) -> Provided:
    """A program that is there, or was installed just now."""
    try:
        path = find()
    except Unavailable as missing:
        return Provided(variable, None, f"{name}: LEFT OUT, its tests skip. {missing}")
    return Provided(variable, str(path), f"{name}: {path}")


def provide_browser(environment: Mapping[str, str]) -> Provided:
    """The browser that the tests drive."""
    return provide_program("Chromium", VARIABLE, lambda: chromium(environment))


def provide_promtool(environment: Mapping[str, str]) -> Provided:
    """Prometheus' own tool that reads rules."""

    def find() -> str | Path:
        usual = partial(newest, "/usr/bin/promtool", "promtool")
        return environment.get(PROMTOOL) or found_or_installed(usual, "prometheus")

    return provide_program("promtool", PROMTOOL, find)


def refused(provided: list[Provided], environment: Mapping[str, str]) -> bool:
    """Whether the run must end because a server is missing where none may be."""
    return environment.get("CI") == "true" and any(server.url is None for server in provided)


def run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the command to its end; Ctrl-C and a termination reach it, and it decides what to do."""
    process = subprocess.Popen(command, env=dict(environment))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()


def main() -> int:
    """Provide every server, run the command, take away what was started."""
    if sys.argv[1:] == []:
        sys.exit(__doc__)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="sp4n-gateway-servers-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        provided = [provide(kind, os.environ, stack, folder) for kind in KINDS]
        provided += [provide_browser(os.environ), provide_promtool(os.environ)]
        print("\n".join(server.note for server in provided), flush=True)
        if refused(provided, os.environ):
            print("CI=true: a missing server is a failure", file=sys.stderr)
            return 1
        return run(sys.argv[1:], os.environ | {server.variable: server.url for server in provided if server.url})


if __name__ == "__main__":
    sys.exit(main())
