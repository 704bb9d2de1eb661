"""What a verification found wrong: one plain sentence each, with the record that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

MOST_KEPT = 1000


class Problem(StrEnum):
    """What is wrong with it."""

    ALTERED = "altered"
    """It says something else than when it was recorded."""
    MISSING = "missing"
    """It was recorded and is gone."""
    ADDED = "added"
    """It was put in behind the journal's back."""
    MOVED = "moved"
    """It stands in another place than where it was recorded."""
    CUT_OFF = "cut_off"
    """The log ends before a checkpoint that it once signed."""
    UNSIGNED = "unsigned"
    """Nobody whom we trust signed it."""
    UNEXPLAINED = "unexplained"
    """The records do not account for it."""
    UNREADABLE = "unreadable"
    """It is no document of its kind, or not all of one."""


INDONESIAN: dict[Problem, str] = {
    Problem.ALTERED: "diubah",
    Problem.MISSING: "hilang",
    Problem.ADDED: "disisipkan",
    Problem.MOVED: "dipindahkan",
    Problem.CUT_OFF: "terpotong",
    Problem.UNSIGNED: "tanpa tanda tangan sah",
    Problem.UNEXPLAINED: "tidak dapat dijelaskan",
    Problem.UNREADABLE: "tidak terbaca",
}


class Subject(StrEnum):
    """What it is about."""

    ATTEMPT = "attempt"
    RESULT = "result"
    HANDOFF = "handoff"
    BATCH = "batch"
    CHECKPOINT = "checkpoint"
    LOG = "log"
    BUNDLE = "bundle"
    OPENING = "opening"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `position` counts the leaves of the log from 0; ids are None where none is known."""

    problem: Problem
    subject: Subject
    sentence: str
    attempt_id: UUID | None = None
    report_id: UUID | None = None
    destination: str | None = None
    position: int | None = None


@dataclass(slots=True)
class Findings:
    """Collects findings: keeps the first thousand, counts all."""

    kept: list[Finding] = field(default_factory=list)
    total: int = 0

    def add(self, finding: Finding) -> None:
        """Take one."""
        self.total += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(finding)


def named(subject: Subject, attempt_id: UUID, report_id: UUID | None, destination: str | None, source: str = "") -> str:
    """How a sentence calls a record: 'The reply of attempt … of report … to …'."""
    result = f"The {source} result" if source else "The result"
    what = f"{result} of attempt {attempt_id}" if subject is Subject.RESULT else f"Attempt {attempt_id}"
    of_report = f" of report {report_id}" if report_id else ""
    to_destination = f" to {destination}" if destination else ""
    return what + of_report + to_destination
