"""The script that builds the environment tells what is missing before it fails."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from scripts import environment

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_missing_on_a_new_enough_python_with_venv() -> None:
    assert environment.missing((3, 11), has_venv=True, command="python3") is None


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 10)])
def test_an_old_python_is_told_with_what_to_install(version: tuple[int, int]) -> None:
    told = environment.missing(version, has_venv=True, command="python3")
    assert told is not None
    assert f"python3 is {version[0]}.{version[1]}" in told
    assert "apt-get install python3 python3-venv" in told


def test_a_missing_venv_is_told_with_what_to_install() -> None:
    told = environment.missing((3, 13), has_venv=False, command="python3")
    assert told is not None
    assert "apt-get install python3-venv" in told


def test_this_python_can_make_environments() -> None:
    assert environment.can_make_venv()


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "scripts/environment.py").read_text("utf-8"), feature_version=(3, 7))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names] == []


def test_a_broken_environment_is_made_anew(tmp_path: Path) -> None:
    broken = tmp_path / ".venv/bin/python"
    broken.parent.mkdir(parents=True)
    broken.symlink_to("/nowhere/python3")
    python = environment.make_venv(tmp_path / ".venv")
    assert python.resolve().exists()
