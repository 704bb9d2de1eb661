"""Everything that can be checked without running the gateway (`make check`): runs all, then fails if one failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
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


def run(check: Check) -> bool:
    """Run one check, say in one line how it went, and show what it printed if it failed or has something to say."""
    started = time.monotonic()
    command = [str(BIN / check.command[0]), *check.command[1:]]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    seconds = time.monotonic() - started
    said = done.stdout.strip()
    passed = done.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'}  {check.name:16} {seconds:5.1f} s", flush=True)
    if not passed:
        print(f"{said}\nTo mend it: {check.mend}\n", flush=True)
    elif check.name == "vulnerabilities":
        print(f"        {said}", flush=True)
    return passed


def main() -> None:
    """Run the checks, or only those named on the command line."""
    wanted = sys.argv[1:] or [check.name for check in CHECKS]
    os.environ.setdefault("NO_COLOR", "1")
    failed = [check.name for check in CHECKS if check.name in wanted and not run(check)]
    if failed:
        sys.exit(f"check failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
