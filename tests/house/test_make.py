"""The commands that everybody uses are listed, and continuous integration runs one of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The Makefile and its scripts in an empty folder."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_command() -> None:
    listed = set(re.findall(r"^  make (\w+)", make(ROOT).stdout, re.MULTILINE))
    assert listed == TARGETS
    assert {"run", "test", "check", "bench", "lock", "clean"} <= listed


def test_every_command_is_run_even_when_a_file_has_its_name() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == TARGETS


def test_continuous_integration_runs_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_a_missing_python_is_told_with_what_to_install(clone: Path) -> None:
    done = make(clone, "run", "PYTHON=python3.0")
    assert done.returncode != 0
    assert "There is no python3.0 here. Debian: apt-get install python3 python3-venv" in done.stderr


def test_clean_removes_the_environment_and_keeps_the_sources(clone: Path) -> None:
    for made in (".venv/bin/python", "build/x", ".mypy_cache/x", "scripts/__pycache__/x"):
        (clone / made).parent.mkdir(parents=True, exist_ok=True)
        (clone / made).touch()
    assert make(clone, "clean").returncode == 0
    assert sorted(path.name for path in clone.iterdir()) == ["Makefile", "pyproject.toml", "requirements", "scripts"]
    assert not (clone / "scripts/__pycache__").exists()
