"""Nothing in the project names one person's machine or holds a real secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("schemas", "adapters", "gateway", "clients", "scripts", "benchmarks", "tests")
FOLDERS = (".ci", *SOURCES, "docs", "requirements", "deploy")
FORBIDDEN = {
    "a folder of one machine": re.compile(r"(?<![\w.}>/-])/(?:home|root|Users|work|workspaces?|builds)/\w"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+\w"),
    "a cloud or forge token": re.compile(
        r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-\w{10,}|EAA[A-Za-z0-9]{60,})\b"
    ),
    "an unfinished place": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
}


def texts() -> dict[str, str]:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    apart = ("LICENSE", ".git")  # in a second working tree .git is a file and names its folder
    files += [path for path in ROOT.iterdir() if path.is_file() and path.name not in apart]
    found: dict[str, str] = {}
    for path in files:
        if "__pycache__" in path.parts or path == Path(__file__):
            continue
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("meaning", FORBIDDEN)
def test_no_file_holds(meaning: str) -> None:
    pattern = FORBIDDEN[meaning]
    assert {name: found[0] for name, text in texts().items() if (found := pattern.search(text))} == {}


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        ("a folder of one machine", "cd /home/ani/gateway"),
        ("a private key", "-----BEGIN PRIVATE KEY-----\nMIIE"),
        ("a cloud or forge token", "AKIA" + "A" * 16),
        ("an unfinished place", "# TODO later"),
    ],
)
def test_what_is_forbidden_is_found(meaning: str, text: str) -> None:
    assert FORBIDDEN[meaning].search(text) is not None
