"""Writes the lock files: versions and hashes for every platform, and no download address.

`python -m scripts.lock` takes the newest versions that pyproject.toml allows; `--check` only tells whether the locks
still fit pyproject.toml, without asking any index.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
EXTRAS = ("oidc", "otel", "s3")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
UV = (
    "-m", "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip


def plain_name(name: str) -> str:
    """The normalized spelling of a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> dict[str, str]:
    """Name and version of everything that a lock file pins."""
    return {plain_name(name): version for name, version in PINNED.findall(lock)}


def misfits(wanted: list[str], lock: str) -> list[str]:
    """What pyproject.toml asks for and the lock does not give."""
    versions = pinned(lock)
    problems = []
    for requirement in map(Requirement, wanted):
        version = versions.get(plain_name(requirement.name))
        if version is None:
            problems.append(f"{requirement.name} is not locked")
        elif Version(version) not in requirement.specifier:
            problems.append(f"{requirement} is asked for, {version} is locked")
    return problems


def compile_locks() -> None:
    """Write all locks; those of the extras and of the developers repeat the runtime's versions."""
    extras = [part for extra in EXTRAS for part in ("--extra", extra)]
    compile_lock("install.lock", "requirements/install.in")
    compile_lock("runtime.lock", "pyproject.toml")
    compile_lock("extras.lock", "pyproject.toml", *extras, "--constraint", "requirements/runtime.lock")
    compile_lock("dev.lock", "pyproject.toml", *extras, "--extra", "dev", "--constraint", "requirements/extras.lock")
    compile_lock("bench.lock", "requirements/bench.in")


def compile_lock(name: str, *arguments: str) -> None:
    """Write one lock from scratch."""
    command = [sys.executable, *UV, *arguments, "--output-file", f"requirements/{name}"]
    subprocess.run(command, cwd=ROOT, check=True)


def check_locks() -> list[str]:
    """What does not fit between pyproject.toml and the locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    runtime = project["dependencies"]
    extras = runtime + [requirement for extra in EXTRAS for requirement in optional[extra]]
    wanted = {"runtime.lock": runtime, "extras.lock": extras, "dev.lock": extras + optional["dev"]}
    return [
        f"{name}: {problem}"
        for name, requirements in wanted.items()
        for problem in misfits(requirements, (REQUIREMENTS / name).read_text("utf-8"))
    ]


def main() -> None:
    """Compile, or check."""
    if "--check" not in sys.argv:
        compile_locks()
    elif problems := check_locks():
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
