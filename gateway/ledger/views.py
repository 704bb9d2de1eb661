"""What people and programs look at: handoffs by filter, a report with all that happened to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Select, select

from gateway.ledger.archives import archive_of
from gateway.ledger.dialects import Both
from gateway.ledger.filters import matching
from gateway.ledger.links import ties_of
from gateway.ledger.notice_updates import notices_of
from gateway.ledger.set_aside import list_parked as list_parked
from gateway.ledger.set_aside import show_parked as show_parked
from gateway.ledger.shapes import (
    ACTION,
    ATTEMPT,
    CLOCK,
    EVENT,
    FILE,
    HANDOFF,
    KEY,
    MESSAGE,
    PARKED,
    REPORT,
    RESULT,
    WATCH,
    Shape,
)
from gateway.ledger.tables import (
    actions,
    attempts,
    case_clocks,
    case_events,
    case_watch,
    files,
    handoffs,
    messages,
    parked,
    report_keys,
    reports,
    results,
)
from gateway.ledger.values import AttemptRow, HandoffFilter, HandoffRow, ReportRecord
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

V = TypeVar("V")

_MOST = 50

_RESULTS = Both(
    lambda dialect: select(*RESULT.columns).where(dialect.among(results.c.attempt_id, "ids")).order_by(results.c.seq)
)
_ACTIONS = Both(
    lambda dialect: select(*ACTION.columns).where(dialect.among(actions.c.subject, "subjects")).order_by(actions.c.id)
)


def list_handoffs(conn: Connection, wanted: HandoffFilter, after: UUID | None, limit: int) -> list[HandoffRow]:
    """Handoffs that the filter lets through, newest first; `after` is the last id of the page before."""
    query = matching(select(*HANDOFF.columns), wanted).order_by(handoffs.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(handoffs.c.id < after)
    return [HANDOFF.value(row) for row in conn.execute(query)]


def show_handoff(conn: Connection, handoff_id: UUID) -> HandoffRow | None:
    """One handoff."""
    row = conn.execute(select(*HANDOFF.columns).where(handoffs.c.id == handoff_id)).first()
    return HANDOFF.value(row) if row else None


def find_reference(conn: Connection, destination: str, reference: str) -> HandoffRow | None:
    """The handoff that a destination knows by this reference, the newest if there are several."""
    query = select(*HANDOFF.columns).where(handoffs.c.reference == reference, handoffs.c.destination == destination)
    row = conn.execute(query.order_by(handoffs.c.id.desc()).limit(1)).first()
    return HANDOFF.value(row) if row else None


def last_attempt(conn: Connection, handoff_id: UUID) -> AttemptRow | None:
    """The newest attempt of a handoff."""
    query = select(*ATTEMPT.columns).where(attempts.c.handoff_id == handoff_id)
    row = conn.execute(query.order_by(attempts.c.seq.desc()).limit(1)).first()
    return ATTEMPT.value(row) if row else None


def show_report(conn: Connection, wanted: UUID | str) -> ReportRecord | None:
    """A report with everything about it, by its id, its tracking code or a destination's reference for it.

    With it comes the one that it follows, without what that one follows in its turn.
    """
    report_id = wanted if isinstance(wanted, UUID) else _report_named(conn, wanted)
    record = _record(conn, report_id) if report_id else None
    followed = record.ties.followed if record else None
    return replace(record, lead=_record(conn, followed.link.lead_id)) if record and followed else record


def _record(conn: Connection, report_id: UUID) -> ReportRecord | None:
    query = select(*REPORT.columns).where(reports.c.id == report_id)
    row = conn.execute(query).first()
    if row is None:
        return None
    key = conn.execute(select(*KEY.columns).where(report_keys.c.subject_id == report_id)).one()
    its_parked = _all(conn, PARKED, parked.c.report_id, report_id, parked.c.id)
    its_handoffs = _all(conn, HANDOFF, handoffs.c.report_id, report_id, handoffs.c.id)
    tries: list[AttemptRow] = []
    for handoff in its_handoffs:
        tries.extend(_all(conn, ATTEMPT, attempts.c.handoff_id, handoff.id, attempts.c.seq))
    ends = conn.execute(_RESULTS.on(conn), {"ids": [attempt.id for attempt in tries]}) if tries else ()
    subjects = [str(report_id), *(str(row.id) for row in its_parked), *(str(row.id) for row in its_handoffs)]
    return ReportRecord(
        report=REPORT.value(row),
        key=KEY.value(key),
        archive=archive_of(conn, report_id) if row.erased_at else None,
        messages=_all(conn, MESSAGE, messages.c.report_id, report_id, messages.c.sequence),
        files=_all(conn, FILE, files.c.report_id, report_id, files.c.sequence, files.c.position),
        parked=its_parked,
        handoffs=its_handoffs,
        attempts=tuple(tries),
        results=tuple(RESULT.value(row) for row in ends),
        actions=tuple(ACTION.value(row) for row in conn.execute(_ACTIONS.on(conn), {"subjects": subjects})),
        events=_all(conn, EVENT, case_events.c.report_id, report_id, case_events.c.tx, case_events.c.seq),
        watches=_all(conn, WATCH, case_watch.c.report_id, report_id, case_watch.c.handoff_id),
        clocks=_all(
            conn, CLOCK, case_clocks.c.report_id, report_id, case_clocks.c.handoff_id, case_clocks.c.started_at
        ),
        ties=ties_of(conn, report_id),
        notices=notices_of(conn, report_id),
    )


def _all(conn: Connection, shape: Shape[V], column: Any, value: UUID, *order: Any) -> tuple[V, ...]:
    query = select(*shape.columns).where(column == value).order_by(*order)
    return tuple(shape.value(row) for row in conn.execute(query))


def reports_named(conn: Connection, text: str) -> list[UUID]:
    """The reports that a text names: by tracking code or id one, by a destination's reference as many as have it."""
    found = (list(dict.fromkeys(conn.execute(query).scalars())) for query in _naming(text))
    return next((ids for ids in found if ids), [])


def _report_named(conn: Connection, text: str) -> UUID | None:
    return next(iter(reports_named(conn, text)), None)


def _naming(text: str) -> list[Select[Any]]:
    queries: list[Select[Any]] = []
    with suppress(InvalidTrackingCode):
        queries.append(select(reports.c.id).where(reports.c.tracking_code == parse_tracking_code(text)))
    with suppress(ValueError):
        queries.append(select(reports.c.id).where(reports.c.id == UUID(text)))
    by_reference = select(handoffs.c.report_id).where(handoffs.c.reference == text.strip())
    queries.append(by_reference.order_by(handoffs.c.id.desc()).limit(_MOST))
    return queries
