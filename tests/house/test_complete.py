"""What the unit tests leave untried of a pure module is found and told, of others it is not asked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from scripts.complete import pure_modules, untried

ROOT = Path(__file__).resolve().parents[2]


def report(file: str, lines: list[int], branches: list[list[int]]) -> dict[str, Any]:
    return {"files": {file: {"missing_lines": lines, "missing_branches": branches}}}


@pytest.mark.parametrize(
    ("file", "lines", "branches", "expected"),
    [
        ("gateway/retry.py", [], [], []),
        ("gateway/retry.py", [7], [], ["gateway/retry.py: 7"]),
        ("gateway/retry.py", [7], [[6, 7], [9, -1]], ["gateway/retry.py: 7, 6->7, 9->-1"]),
        ("gateway/route/__init__.py", [7], [], ["gateway/route/__init__.py: 7"]),
        ("gateway/route/facts.py", [7], [], ["gateway/route/facts.py: 7"]),
        ("gateway/retrying.py", [7], [], []),
        ("gateway/worker.py", [7], [], []),
    ],
)
def test_only_what_is_untried_of_a_pure_module_is_told(
    file: str, lines: list[int], branches: list[list[int]], expected: list[str]
) -> None:
    assert untried(report(file, lines, branches), ["gateway.retry", "gateway.route"]) == expected


def test_the_pure_modules_are_those_of_the_layers() -> None:
    pure = pure_modules(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))
    assert {"gateway.lifecycle", "gateway.retry", "gateway.route", "schemas"} <= set(pure)
