"""Labelled messages from a file: JSON lines or CSV, each row a text with what it really is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.categories import load_categories
from schemas.errors import BadInput
from schemas.report import CONTENT_LIMIT, TITLE_LIMIT

GENUINE, JUNK = "genuine", "junk"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it really is, as far as somebody said. `line` is where it stands."""

    line: int
    text: str
    title: str | None = None
    label: str | None = None
    parent: str | None = None


def labelled_messages(path: Path) -> list[Labelled]:
    """The rows of a file. Raises BadInput that names the line of a row that cannot be used."""
    rows = [_labelled(line, row) for line, row in _rows(path)]
    if not rows:
        raise BadInput(f"{path} holds no row")
    return rows


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() == ".csv":
                reader = csv.DictReader(file, strict=True)
                if "text" not in (reader.fieldnames or ()):
                    raise BadInput(f"line 1 of {path.name}: the header has no column `text`")
                for row in reader:
                    yield reader.line_num, row
            else:
                for line, written in enumerate(file, start=1):
                    if written.strip():
                        yield line, _object(line, written)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def _object(line: int, written: str) -> Mapping[str, Any]:
    try:
        row = json.loads(written)
    except json.JSONDecodeError as error:
        raise BadInput(f"line {line} is no JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(row, dict):
        raise BadInput(f"line {line} is no JSON object")
    return row


def _labelled(line: int, row: Mapping[str, Any]) -> Labelled:
    text, title, label = row.get("text"), row.get("title") or None, row.get("label") or None
    if not isinstance(text, str):
        raise BadInput(f"line {line} has no `text`")
    if title is not None and not isinstance(title, str):
        raise BadInput(f"line {line}: `title` must be a text")
    if label not in (None, GENUINE, JUNK):
        raise BadInput(f"line {line}: `label` must be `{GENUINE}` or `{JUNK}`")
    cut = title[:TITLE_LIMIT] if title else None
    return Labelled(line, text[:CONTENT_LIMIT], cut, label, _parent(line, row.get("parent_category")))


def _parent(line: int, written: object) -> str | None:
    if written in (None, ""):
        return None
    found = load_categories().parent_named(written) if isinstance(written, str) else None
    if found is None:
        raise BadInput(f"line {line}: `parent_category` names none of LAPOR!'s parent categories")
    return found
