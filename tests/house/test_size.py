"""Files and functions stay small; an exception stands in pyproject.toml with its reason."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES = 300
FUNCTION_LINES = 40
FOLDERS = ("schemas", "adapters", "gateway", "scripts", "benchmarks", "clients", "tests")
EXCEPTIONS: dict[str, str] = (
    tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")).get("tool", {}).get("house", {}).get("size", {})
)


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def too_long(name: str, text: str) -> Iterator[tuple[str, int]]:
    """Each file and function over its limit, as `file` or `file:function`, with its number of lines."""
    lines = len(text.splitlines())
    if lines > FILE_LINES:
        yield name, lines
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.name}", length


def offenders() -> dict[str, int]:
    return {
        place: lines
        for path in sources()
        for place, lines in too_long(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    }


def test_no_file_has_more_than_300_lines_and_no_function_more_than_40() -> None:
    assert {place: lines for place, lines in offenders().items() if place not in EXCEPTIONS} == {}


def test_an_exception_is_needed_and_has_a_reason() -> None:
    assert set(EXCEPTIONS) - set(offenders()) == set()
    assert [place for place, reason in EXCEPTIONS.items() if len(reason.split()) < 4] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1\n" * 300, {}),
        ("x = 1\n" * 301, {"a.py": 301}),
        ("def f():\n" + "    x = 1\n" * 39, {}),
        ("async def f():\n" + "    x = 1\n" * 40, {"a.py:f": 41}),
    ],
)
def test_what_is_too_long_is_found(text: str, found: dict[str, int]) -> None:
    assert dict(too_long("a.py", text)) == found


def test_every_module_says_in_its_first_line_what_it_owns() -> None:
    docstrings = {path: ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in sources()}
    assert [str(path.relative_to(ROOT)) for path, docstring in docstrings.items() if not docstring] == []
