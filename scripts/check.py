"""Everything that can be checked without running the gateway (`make check`): runs all, then fails if one failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
LOCKS = ("requirements/extras.lock", "requirements/dev.lock", "requirements/install.lock")


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must succeed; `mend` says what to do when it does not."""

    name: str
    command: tuple[str, ...]
    mend: str


CHECKS = (
    Check("format", ("ruff", "format", "--check", "--quiet", "."), "ruff format ."),
    Check("lint", ("ruff", "check", "--quiet", "."), "ruff check --fix . mends some; the rest by hand"),
    Check("types", ("mypy",), "by hand"),
    Check("layers", ("lint-imports", "--no-logo"), "move the code; docs/architecture.md says which layer sees which"),
    Check("dependencies", ("deptry", "."), "add to pyproject.toml what is imported, remove what is not"),
    Check("installed", ("python", "-m", "pip", "check"), "make lock"),
    Check("locked", ("python", "-m", "scripts.lock", "--check"), "make lock"),
    Check(
        "vulnerabilities", ("python", "-m", "scripts.audit", *LOCKS), "raise the version in pyproject.toml; make lock"
    ),
)


@dataclass(frozen=True, slots=True)
class Done:
    """How a check went: whether it passed, seconds, and what it printed."""

    passed: bool
    seconds: float
    said: str


def run(check: Check) -> Done:
    """Run one check."""
    started = time.monotonic()
    command = [str(BIN / check.command[0]), *check.command[1:]]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return Done(done.returncode == 0, time.monotonic() - started, done.stdout.strip())


def tell(check: Check, done: Done) -> None:
    """Say in one line how it went, and show what it printed if it failed or has something to say."""
    print(f"{'ok    ' if done.passed else 'FAILED'}  {check.name:16} {done.seconds:5.1f} s", flush=True)
    if not done.passed:
        print(f"{done.said}\nTo mend it: {check.mend}\n", flush=True)
    elif check.name == "vulnerabilities":
        print(f"        {done.said}", flush=True)


def main() -> None:
    """Run the checks, or only those named on the command line, a few side by side."""
    wanted = sys.argv[1:] or [check.name for check in CHECKS]
    os.environ.setdefault("NO_COLOR", "1")
    chosen, failed = [check for check in CHECKS if check.name in wanted], []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for check, done in zip(chosen, pool.map(run, chosen), strict=True):
            tell(check, done)
            if not done.passed:
                failed.append(check.name)
    if failed:
        sys.exit(f"check failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
