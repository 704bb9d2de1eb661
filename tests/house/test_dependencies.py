"""Every dependency says why it is here, is pinned with hashes, and is fetched from nowhere in particular."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts.lock import check_locks, misfits, pinned

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
ENTRY = re.compile(r'^\s+"[A-Za-z][^"]*[<>=]=?[^"]*",(?P<rest>.*)$')
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[.*\])?==(?P<version>\S+).*\\$")


def entries_without_reason(text: str) -> list[str]:
    entries = [found for line in text.splitlines() if (found := ENTRY.match(line))]
    assert len(entries) > 30, "the pattern no longer finds the dependencies"
    return [found.string.strip() for found in entries if not re.search(r"#\s*\w+.*\w", found["rest"])]


def test_every_dependency_carries_its_reason() -> None:
    assert entries_without_reason((ROOT / "pyproject.toml").read_text("utf-8")) == []


def test_a_dependency_without_a_reason_is_found() -> None:
    text = (
        (ROOT / "pyproject.toml")
        .read_text("utf-8")
        .replace("[project.scripts]", '    "leftpad>=1",\n[project.scripts]')
    )
    assert entries_without_reason(text) == ['"leftpad>=1",']


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_versions_and_hashes_and_names_no_address(lock: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text("utf-8").strip())
    assert [block for block in blocks if not PIN.match(block.splitlines()[0])] == []
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|--trusted-host", lock.read_text("utf-8")) == []


def test_the_locks_fit_the_project() -> None:
    assert check_locks() == []


def test_both_locks_pin_the_same_versions() -> None:
    runtime, dev = (pinned((ROOT / f"requirements/{name}.lock").read_text("utf-8")) for name in ("runtime", "dev"))
    assert {name: version for name, version in runtime.items() if dev.get(name) != version} == {}


def test_the_lock_check_notices_what_is_missing_and_what_is_too_old() -> None:
    lock = "httpx==0.27.0 \\\n    --hash=sha256:00\n"
    assert misfits(["httpx>=0.28", "kombu>=5"], lock) == [
        "httpx>=0.28 is asked for, 0.27.0 is locked",
        "kombu is not locked",
    ]


def test_the_build_needs_nothing_but_what_the_installer_lock_pins() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert misfits(build, (ROOT / "requirements/install.lock").read_text("utf-8")) == []
