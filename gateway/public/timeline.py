"""What became of a report, told in plain words to whoever reported it: no names of people, no text of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.ledger.values import HandoffRow, ReportRecord
from gateway.receipt_words import HANDED_WORDS
from gateway.storyline import timeline_of
from gateway.vault import SubjectKey
from schemas.handoff import HandoffKind, HandoffState
from schemas.status import EventKind, EventSource
from schemas.timeline import Step, TimelineEntry


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in Indonesian and English. `mood`: `done`, `open` or `stuck`, for the mark beside it.

    `quote` is what an agency wrote.
    """

    at: datetime
    text: str
    english: str
    mood: str = "done"
    quote: str | None = None


def lines(record: ReportRecord, key: SubjectKey | None, names: Mapping[str, str]) -> list[Line]:
    """Everything that is known, oldest first, and how it stands with whoever does not have the report yet.

    `names` are those of destinations, as people know them.
    """
    waiting = any(row.state == "parked" for row in record.parked)
    told = [
        _told(entry, names, waiting=waiting)
        for entry in timeline_of(record, key).entries
        if entry.said != HANDED_WORDS[HandoffKind.NOTICE]
    ]
    return sorted([*told, *_owed(record, names)], key=lambda line: line.at)


def _told(entry: TimelineEntry, names: Mapping[str, str], *, waiting: bool) -> Line:
    agency = names.get(entry.destination or "", entry.destination)
    text, _, english = entry.said.partition(" / ")
    if entry.kind is Step.HANDED_OVER and entry.destination:
        number = f", nomor {entry.reference}" if entry.reference else ""
        return Line(entry.at, f"{text}: {agency}{number}.", f"{english}.")
    if entry.destination:
        text = f"{text}: {agency}" + (f", {entry.status_name}" if entry.status_name else "")
    asked = entry.kind is EventKind.QUESTION or (entry.kind is Step.SET_ASIDE and waiting)
    quote = entry.text if entry.source is not EventSource.REPORTER else None
    return Line(entry.at, f"{text}.", f"{english}.", "open" if asked else "done", quote)


def _owed(record: ReportRecord, names: Mapping[str, str]) -> Iterator[Line]:
    for handoff in record.handoffs:
        if handoff.kind is HandoffKind.REPORT and handoff.state is not HandoffState.DELIVERED:
            yield _standing(handoff, names.get(handoff.destination, handoff.destination))


def _standing(handoff: HandoffRow, name: str) -> Line:
    told = {
        HandoffState.PENDING: (f"Sedang diteruskan ke {name}.", f"Being handed on to {name}.", "open"),
        HandoffState.UNCERTAIN: (
            f"Kami memastikan apakah {name} sudah menerimanya.",
            f"We are making sure that {name} received it.",
            "open",
        ),
        HandoffState.PARKED: (
            f"Terhambat menuju {name}; petugas kami menanganinya.",
            f"Held up on its way to {name}; our staff is on it.",
            "stuck",
        ),
        HandoffState.CANCELLED: (f"Tidak diteruskan ke {name}.", f"Not handed on to {name}.", "done"),
    }
    return Line(handoff.updated_at, *told[handoff.state])
