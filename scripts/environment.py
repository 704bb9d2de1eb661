"""Builds the virtual environment from the lock files: `python3 scripts/environment.py runtime|dev`.

Runs before anything is installed, so it needs only the standard library, and it parses on Pythons that are too old so
that it can say so.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
INSTALLER_LOCK = "requirements/install.lock"
LOCKS = {"runtime": "requirements/runtime.lock", "dev": "requirements/dev.lock"}

TOO_OLD = """\
sp4n-gateway needs Python {needed} or newer; {command} is {found}.
  Debian 12 or newer:    apt-get install python3 python3-venv
  one is there already?  make PYTHON=python3.12 ..."""

NO_VENV = """\
{command} cannot make virtual environments: its module ensurepip is missing.
  Debian:  apt-get install python3-venv"""


def missing(version: tuple[int, int], has_venv: bool, command: str) -> str | None:
    """What to install before this Python can be used; None when nothing is missing."""
    if version < OLDEST:
        return TOO_OLD.format(needed=dotted(OLDEST), command=command, found=dotted(version))
    return None if has_venv else NO_VENV.format(command=command)


def dotted(version: tuple[int, int]) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"


def can_make_venv() -> bool:
    """Whether `python3 -m venv` will work. Debian ships ensurepip in a package of its own."""
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def make_venv(folder: Path) -> Path:
    """A working environment in `folder`, made anew if the one there is broken or too old; returns its Python."""
    python = folder / "bin" / "python"
    probe = [str(python), "-c", f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST})"]
    if not python.exists() or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(folder)])
    return python


def install(python: Path, group: str) -> None:
    """Install what the lock of `group` names, each file checked against its hash, and the project itself in place."""
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    uv = [str(python), "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    run([*pip, "--require-hashes", "-r", INSTALLER_LOCK])
    for arguments in (
        ["--require-hashes", "-r", INSTALLER_LOCK, "-r", LOCKS[group]],
        ["--no-deps", "--no-build-isolation", "--editable", "."],
    ):
        if subprocess.run([*uv, *arguments], cwd=ROOT, check=False).returncode != 0:
            print("uv could not do it (it does not read pip's configuration): trying pip, which is slower", flush=True)
            run([*pip, *arguments])


def run(command: list[str]) -> None:
    """Run a command in the root of the project; when it fails it has said why, and the script ends."""
    finished = subprocess.run(command, cwd=ROOT, check=False)
    if finished.returncode != 0:
        sys.exit(finished.returncode)


def main() -> None:
    """Make the environment of the group named on the command line."""
    group = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    problem = missing(sys.version_info[:2], can_make_venv(), sys.executable)
    if problem:
        sys.exit(problem)
    print(f"installing what {LOCKS[group]} names into .venv (10 s to a minute)", flush=True)
    install(make_venv(ROOT / ".venv"), group)


if __name__ == "__main__":
    main()
