"""The published description holds together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCUMENT = json.loads((Path(__file__).resolve().parents[4] / "docs" / "openapi.json").read_text("utf-8"))


def named(value: Any) -> Iterator[str]:
    """Every reference in the document."""
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from named(one)


def stands(reference: str) -> bool:
    """Whether there is something at the place that a reference names."""
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place.get(step) if isinstance(place, dict) else None
    return place is not None


def test_every_reference_names_something() -> None:
    assert sorted({reference for reference in named(DOCUMENT) if not stands(reference)}) == []
