"""Reading Markdown pages: their code blocks with the marks above them, and their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (?P<kind>run|not run|output)(?:: (?P<reason>[^\n]+))? -->\n\Z")
_LINK = re.compile(r"\[[^\]\n]+\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A code block. `mark` is `run`, `not run` or `output`, from the comment right above it; `line` counts from 1."""

    page: str
    line: int
    language: str
    text: str
    mark: str | None
    reason: str | None

    def place(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    folders = ("docs", "deploy", "adapters", "clients", "gateway")
    found = [page for folder in folders for page in (ROOT / folder).rglob("*.md") if "fixtures" not in page.parts]
    return sorted([*ROOT.glob("*.md"), *found])


def blocks(page: Path) -> Iterator[Block]:
    """The code blocks of a page in order."""
    text = page.read_text("utf-8")
    for fence in _FENCE.finditer(text):
        mark = _MARK.search(text, 0, fence.start())
        yield Block(
            page.relative_to(ROOT).as_posix(),
            text.count("\n", 0, fence.start()) + 1,
            fence["language"],
            fence["text"],
            mark["kind"] if mark else None,
            mark["reason"] if mark else None,
        )


def links(page: Path) -> list[str]:
    """The targets of a page's links, code left out."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text("utf-8")))
    return [link["target"] for link in _LINK.finditer(prose)]
