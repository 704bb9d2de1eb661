"""The timeline of a report: what the gateway did and what destinations said, put in one order and in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.ledger.case_values import HeldCase, NewEvent
from gateway.ledger.values import EventRow, HandoffRow, KeyRow, ReportRecord
from gateway.receipt_words import EVENT_WORDS, HANDED_WORDS, STEP_WORDS
from gateway.vault import Erased, SubjectKey, Vault
from schemas.handoff import HandoffKind, HandoffState
from schemas.ids import new_id
from schemas.status import EventKind, EventSource
from schemas.timeline import Step, Timeline, TimelineEntry
from schemas.vocabulary import CaseStatus

TAKEN_BACK = "Pelapor mencabut laporan ini."
NOT_SOLVED = "Pelapor menyatakan laporan ini belum selesai."
RATED = "Nilai dari pelapor: {rating} dari 5."


def timeline_of(record: ReportRecord, key: SubjectKey | None) -> Timeline:
    """Everything that happened to a report, oldest first. Without its key, what was written is left out.

    A report that follows another one shows how that one stands, without its numbers and without what was written.
    """
    entries = [*_own(record), *_handed(record), *(_said(event, key) for event in record.events), *_tied(record)]
    entries.sort(key=lambda entry: (entry.at, entry.received_at))
    return Timeline(id=str(record.report.id), tracking_code=record.report.tracking_code, entries=tuple(entries))


def event_part(event: EventRow) -> str:
    """The part under which an event's text is sealed: it can be opened only as that event's."""
    return f"event:{event.id}"


def events_of_reporter(
    cases: Sequence[HeldCase], kind: EventKind, said_in: UUID, text: str, key: SubjectKey, at: datetime
) -> tuple[NewEvent, ...]:
    """What the reporter wants of each case, said in one message: `said_in` is its id, `text` its words, cleaned."""
    rows = (
        EventRow(
            id=new_id(at),
            report_id=case.handoff.report_id,
            handoff_id=case.handoff.id,
            destination=case.handoff.destination,
            source=EventSource.REPORTER,
            event_key=f"reporter:{said_in}",
            kind=kind,
            received_at=at,
            happened_at=at,
        )
        for case in cases
    )
    return tuple(NewEvent(replace(row, sealed_text=key.seal(event_part(row), text.encode()))) for row in rows)


def kept_key(vault: Vault, row: KeyRow) -> SubjectKey | None:
    """The key of a report; None when it was destroyed."""
    try:
        return vault.open_key(row.subject_id, row.wrapped, row.master_key_id)
    except Erased:
        return None


def _own(record: ReportRecord) -> Iterator[TimelineEntry]:
    for message in record.messages:
        step = Step.MESSAGE if message.sequence else Step.RECEIVED
        yield TimelineEntry(at=message.received_at, received_at=message.received_at, kind=step, said=STEP_WORDS[step])
    linked_at = record.ties.lead.link.linked_at if record.ties.lead else None
    for parked in record.parked:
        if parked.parked_at == linked_at:
            continue
        yield TimelineEntry(
            at=parked.parked_at,
            received_at=parked.parked_at,
            kind=Step.SET_ASIDE,
            said=STEP_WORDS[Step.SET_ASIDE],
        )


def _tied(record: ReportRecord) -> Iterator[TimelineEntry]:
    if record.ties.lead is None:
        return
    link = record.ties.lead.link
    for step, at in ((Step.LINKED, link.linked_at), (Step.UNLINKED, link.unlinked_at)):
        if at is not None:
            yield TimelineEntry(at=at, received_at=at, kind=step, said=STEP_WORDS[step])
    if record.lead is not None:
        handed = [entry for entry in _handed(record.lead) if entry.said == HANDED_WORDS[HandoffKind.REPORT]]
        said = [_said(event, None) for event in record.lead.events if event.kind is EventKind.STATUS]
        yield from (entry.model_copy(update={"reference": None}) for entry in (*handed, *said))


def _handed(record: ReportRecord) -> Iterator[TimelineEntry]:
    delivered = {watch.handoff_id: watch.delivered_at for watch in record.watches}
    for handoff in record.handoffs:
        if handoff.state is HandoffState.DELIVERED:
            yield _handed_over(handoff, delivered.get(handoff.id) or handoff.updated_at)


def _handed_over(handoff: HandoffRow, at: datetime) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        received_at=at,
        kind=Step.HANDED_OVER,
        said=HANDED_WORDS[handoff.kind],
        destination=handoff.destination,
        reference=handoff.reference,
    )


def _said(event: EventRow, key: SubjectKey | None) -> TimelineEntry:
    sealed = event.sealed_text
    return TimelineEntry(
        at=event.at,
        received_at=event.received_at,
        kind=event.kind,
        said=EVENT_WORDS[event.kind],
        destination=event.destination,
        source=event.source,
        status=CaseStatus(event.status) if event.status else None,
        status_name=event.status_name,
        text=key.open(event_part(event), sealed).decode() if key and sealed else None,
    )
