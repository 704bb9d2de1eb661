"""What becomes of a simulated complaint by itself: steps that fall due as time goes by, written into the book then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.destinations.sp4n.loose import as_list, as_number, as_object
from adapters.destinations.sp4n.simulated_state import STATUSES, Complaint
from schemas.base import Json


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One step, so many seconds after the complaint was made (or planned): another status, or words to the reporter."""

    after: float
    status_name: str | None = None
    note: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its complaint and its time."""

    complaint_id: int
    at: datetime
    step: CourseStep


class Course:
    """The steps that are still to come."""

    def __init__(self, usual: Sequence[CourseStep] = ()) -> None:
        """`usual` is the course of every new complaint."""
        self._usual = tuple(usual)
        self._planned: list[Planned] = []

    def begin(self, complaint_id: int, at: datetime) -> None:
        """Plan the usual course of a new complaint."""
        self.plan(complaint_id, at, self._usual)

    def plan(self, complaint_id: int, at: datetime, steps: Sequence[CourseStep]) -> None:
        """Plan steps of one complaint."""
        self._planned += [Planned(complaint_id, at + timedelta(seconds=step.after), step) for step in steps]

    def due(self, now: datetime) -> Iterator[Planned]:
        """The steps that fell due, in the order of their times; each once."""
        fallen = sorted((one for one in self._planned if one.at <= now), key=lambda one: one.at)
        self._planned = [one for one in self._planned if one.at > now]
        yield from fallen


def steps_of(wanted: dict[str, Any]) -> list[CourseStep]:
    """The steps in a request to `/_simulator/course`."""
    return [_step(as_object(row)) for row in as_list(wanted.get("steps"))]


def _step(row: dict[str, Any]) -> CourseStep:
    def text(name: str) -> Json:
        return str(row[name]) if row.get(name) else None

    return CourseStep(float(as_number(row.get("after")) or 0), text("status_name"), text("note"), text("content"))


def changed(complaint: Complaint, status_name: Json, note: Json) -> dict[str, Json]:
    """The next status of the usual course, or the one that is named."""
    code, name = _next_status(complaint)
    if status_name:
        name = str(status_name)
        code = next((each for each, known in STATUSES if known == name), "99")
    return {"status_code": code, "status_name": name, "note": note}


def words(complaint: Complaint, content: str) -> dict[str, Json]:
    """What its institution says about a complaint, as the book has it."""
    fields = {"institution_from_id": str(complaint.disposition), "content": content}
    return {"complaint_id": complaint.number, "fields": fields, "files": []}


def _next_status(complaint: Complaint) -> tuple[str, str]:
    codes = [code for code, _ in STATUSES]
    place = codes.index(complaint.status_code) if complaint.status_code in codes else 0
    return STATUSES[min(place + 1, len(STATUSES) - 1)]
