"""What a check of a certification found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    """As the integrator's guide wants it."""
    FAILED = "failed"
    """Otherwise; the check says what to do."""
    SKIPPED = "skipped"
    """It could not be asked, or does not matter here."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result, and what was seen."""

    result: Result
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A check with its verdict. `mend` is empty unless it failed."""

    name: str
    title: str
    verdict: Verdict
    mend: str = ""


def passed(seen: str = "") -> Verdict:
    """As it should be."""
    return Verdict(Result.PASSED, seen)


def failed(seen: str) -> Verdict:
    """Not as it should be."""
    return Verdict(Result.FAILED, seen)


def skipped(why: str) -> Verdict:
    """Not asked."""
    return Verdict(Result.SKIPPED, why)
