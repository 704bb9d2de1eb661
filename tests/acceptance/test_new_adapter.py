"""`new-adapter`: what it makes passes the contract tests, the linter and the types before a line is changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.programs import command

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("adapters", "gateway", "schemas", "tests/contracts", "tests/fakes", "tests/unit/adapters/channels/golden.py")
TYPES = ".mypy_cache"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout to try things in."""
    for name in NEEDED:
        source, copy = ROOT / name, tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if (ROOT / TYPES).exists():  # what the check has found out about the rest
        shutil.copytree(ROOT / TYPES, tmp_path / TYPES)
    return tmp_path


def done_in(checkout: Path, *arguments: str) -> None:
    environ = {"PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(checkout), "HOME": str(checkout)}
    done = subprocess.run(arguments, cwd=checkout, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


@pytest.mark.parametrize("kind", ["channel", "destination"])
def test_a_new_adapter_keeps_its_contract_at_once(checkout: Path, kind: str) -> None:
    done_in(checkout, *command("new-adapter", kind, "layanan_baru"))
    done_in(
        checkout,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "tests/contracts",
        "-k",
        "layanan_baru",
    )
    folder = f"adapters/{kind}s"
    done_in(checkout, "ruff", "check", "--no-cache", folder)
    done_in(checkout, "ruff", "format", "--no-cache", "--check", folder)
    done_in(checkout, "mypy", "--cache-dir", TYPES, folder)
