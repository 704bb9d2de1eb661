"""One finding of `doctor`: the part, how it is, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a part is."""

    WELL = "well"
    """Nothing to do."""
    NOTE = "note"
    """Worth knowing."""
    CARE = "care"
    """Works; somebody should look at it."""
    ILL = "ill"
    """Must be mended."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One finding: the part, how it is, what was seen, and how to mend it."""

    part: str
    grade: Grade
    told: str
    mend: str | None = None
