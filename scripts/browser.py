"""How the browser that the tests drive is found on a Debian machine, or installed."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from gateway.chaos.servers import newest
from scripts.servers import Unavailable, found_or_installed

VARIABLE = "SP4N_TEST_CHROMIUM"
_STANDARD = "/usr/bin/chromium"
_PATIENCE = 60


def chromium(environment: Mapping[str, str]) -> str:
    """The path of a Chromium that runs here, after installing Debian's if that is possible. Raises Unavailable."""
    named = environment.get(VARIABLE)
    path = Path(named) if named else found_or_installed(lambda: newest(_STANDARD, "chromium"), "chromium")
    if not runs(path):
        raise Unavailable(f"{path} does not start; Debian: apt-get install chromium")
    return str(path)


def runs(path: Path) -> bool:
    """Whether it starts and tells its version."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
