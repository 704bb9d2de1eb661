"""What the peers need installed: `.venv-bench` from requirements/bench.lock, and beside it the packages of Node.

`python -m benchmarks.peer_environment` installs both; with `--lock` it takes the newest versions of the Node packages.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.place import ROOT
from gateway.chaos.servers import Unavailable
from scripts.environment import make_venv

FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / "bin" / "python"
NODE = FOLDER / "node"
_LOCK = ROOT / "requirements" / "bench.lock"
_NODE_SOURCES = ROOT / "benchmarks" / "peers" / "bullmq"
_ADDRESSES = ("resolved", "funding")


def need_python() -> Path:
    """The Python of the peers, installed if need be. Raises Unavailable with what went wrong."""
    stamp = FOLDER / ".python"
    if not _is_as(stamp, _LOCK):
        print("installing the Python peers into .venv-bench", flush=True)
        make_venv(FOLDER)
        uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        pip = [str(PYTHON), "-m", "pip", "install", "-qq"]
        _first_that_works([*uv, "--require-hashes", "-r", str(_LOCK)], [*pip, "--require-hashes", "-r", str(_LOCK)])
        _stamp(stamp, _LOCK)
    return PYTHON


def need_node() -> Path:
    """The folder of the Node peer with its packages, installed if need be. Raises Unavailable with what to install."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise Unavailable(f"Debian: apt-get install {'nodejs' if tool == 'node' else 'npm'}")
    lock, stamp = _NODE_SOURCES / "package-lock.json", FOLDER / ".node"
    if not _is_as(stamp, lock):
        print("installing the Node peer into .venv-bench/node", flush=True)
        NODE.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_NODE_SOURCES / name, NODE)
        _first_that_works(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=NODE)
        _stamp(stamp, lock)
    for script in _NODE_SOURCES.glob("*.js"):
        shutil.copy(script, NODE)
    return NODE


def lock_node() -> None:
    """Take the newest versions that package.json allows; the lock keeps versions and hashes, and no address."""
    lock = _NODE_SOURCES / "package-lock.json"
    lock.unlink(missing_ok=True)
    _first_that_works(
        ["npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--silent", "--no-audit"],
        cwd=_NODE_SOURCES,
    )
    locked = json.loads(lock.read_text("utf-8"))
    for package in locked["packages"].values():
        for name in _ADDRESSES:
            package.pop(name, None)
    lock.write_text(json.dumps(locked, indent=2) + "\n", "utf-8")


def _first_that_works(*commands: list[str], cwd: Path = ROOT) -> None:
    said = ""
    for command in commands:
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode == 0:
            return
        said = done.stdout.strip()[-500:]
    raise Unavailable(f"could not be installed: {said}")


def _is_as(stamp: Path, lock: Path) -> bool:
    return stamp.exists() and stamp.read_text("utf-8") == _digest(lock)


def _stamp(stamp: Path, lock: Path) -> None:
    stamp.write_text(_digest(lock), "utf-8")


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    if sys.argv[1:] == ["--lock"]:
        lock_node()
    else:
        need_python()
        need_node()
