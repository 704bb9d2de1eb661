"""Reports that somebody outside may read: those of channels that publish, and those of the asker's own channel.

One that tells of the event of an earlier report is handed on with that one, and stands as that one does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, tuple_

from gateway.ledger.dialects import Both, word
from gateway.ledger.shapes import EVENT, HANDOFF, KEY, MESSAGE, REPORT, WATCH, Shape
from gateway.ledger.tables import case_events, case_watch, handoffs, messages, report_keys, report_links, reports
from gateway.ledger.values import EventRow, HandoffRow, KeyRow, MessageRow, ReportRow, WatchRow

V = TypeVar("V")

_HANDOFFS = Both(
    lambda dialect: (
        select(*HANDOFF.columns)
        .where(dialect.among(handoffs.c.report_id, "ids"), handoffs.c.kind == word("report"))
        .order_by(handoffs.c.id)
    )
)
_LATER = Both(
    lambda dialect: (
        select(*MESSAGE.columns)
        .where(dialect.among(messages.c.report_id, "ids"), messages.c.sequence > 0)
        .order_by(messages.c.report_id, messages.c.sequence)
    )
)
_EVENTS = Both(
    lambda dialect: (
        select(*EVENT.columns)
        .where(dialect.among(case_events.c.report_id, "ids"), case_events.c.kind == word("status"))
        .order_by(case_events.c.seq)
    )
)
_WATCHES = Both(lambda dialect: select(*WATCH.columns).where(dialect.among(case_watch.c.report_id, "ids")))
_lead = reports.alias("lead")
_LEADS = Both(
    lambda dialect: (
        select(report_links.c.report_id, report_links.c.lead_id)
        .join(_lead, _lead.c.id == report_links.c.lead_id)
        .where(
            dialect.among(report_links.c.report_id, "ids"),
            report_links.c.unlinked_at.is_(None),
            _lead.c.is_secret.is_(False),
        )
    )
)
_FOLLOWS = exists().where(
    report_links.c.report_id == reports.c.id,
    report_links.c.unlinked_at.is_(None),
    _lead.c.id == report_links.c.lead_id,
    _lead.c.is_secret.is_(False),
    handoffs.c.report_id == report_links.c.lead_id,
    handoffs.c.kind == word("report"),
)
_OWED = exists().where(handoffs.c.report_id == reports.c.id, handoffs.c.kind == word("report"))


@dataclass(frozen=True, slots=True)
class Audience:
    """Who asks: the channels whose reports everybody may read, and the channel whose key was given, if one was."""

    published: frozenset[str]
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When reports came (both ends included) and what they are filed under (empty: anything; None: nothing)."""

    since: datetime
    until: datetime
    categories: frozenset[int | None] = frozenset()
    known_categories: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A report as it is stored, with its later messages, its own handoffs, and how their cases stand and changed.

    Handoffs, events and watches of the report that it follows are among them, without the numbers that it has there.
    """

    report: ReportRow
    key: KeyRow
    later: tuple[MessageRow, ...]
    handoffs: tuple[HandoffRow, ...]
    events: tuple[EventRow, ...] = ()
    watches: tuple[WatchRow, ...] = ()


def list_published(
    conn: Connection, audience: Audience, span: Span, before: tuple[datetime, UUID] | None, limit: int
) -> list[PublishedRow]:
    """Reports of a time, newest first; `before` is the time and the id of the last one of the page before."""
    query = _visible(audience).where(reports.c.received_at.between(span.since, span.until))
    if span.categories:
        query = query.where(_filed(span))
    if before is not None:
        query = query.where(tuple_(reports.c.received_at, reports.c.id) < tuple_(*before))
    return _complete(conn, query.order_by(reports.c.received_at.desc(), reports.c.id.desc()).limit(limit))


def find_published(conn: Connection, audience: Audience, ids: Sequence[UUID]) -> list[PublishedRow]:
    """Those of the reports that the audience may read, newest first; one that follows another, too."""
    query = _visible(audience, or_(_OWED, _FOLLOWS)).where(reports.c.id.in_(ids))
    return _complete(conn, query.order_by(reports.c.received_at.desc(), reports.c.id.desc()))


def _visible(audience: Audience, handed_on: ColumnElement[bool] = _OWED) -> Select[Any]:
    everybody = and_(reports.c.channel.in_(sorted(audience.published)), reports.c.is_secret.is_(False), handed_on)
    seen = or_(everybody, reports.c.channel == audience.own) if audience.own is not None else everybody
    return (
        select(*REPORT.columns, *KEY.columns)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .where(seen, reports.c.erased_at.is_(None))
    )


def _filed(span: Span) -> ColumnElement[bool]:
    """Under one of the categories; `None` among them stands for none, and for one that the list does not know."""
    known = reports.c.category_id.in_(sorted(each for each in span.categories if each is not None))
    if None not in span.categories:
        return known
    other = or_(reports.c.category_id.is_(None), reports.c.category_id.not_in(sorted(span.known_categories)))
    return or_(known, other)


def _complete(conn: Connection, query: Select[Any]) -> list[PublishedRow]:
    width = len(REPORT.columns)
    found = [(REPORT.value(row[:width]), KEY.value(row[width:])) for row in conn.execute(query)]
    if not found:
        return []
    ids = [report.id for report, _ in found]
    leads: dict[UUID, UUID] = dict(map(tuple, conn.execute(_LEADS.on(conn), {"ids": ids})))
    all_ids = [*ids, *leads.values()]
    later, its = _each(conn, MESSAGE, _LATER, ids), _each(conn, HANDOFF, _HANDOFFS, all_ids)
    events, watches = _each(conn, EVENT, _EVENTS, all_ids), _each(conn, WATCH, _WATCHES, all_ids)

    def followed(each: Mapping[UUID, list[V]], report_id: UUID) -> list[V]:
        return each[leads[report_id]] if report_id in leads else []

    return [
        PublishedRow(
            report=report,
            key=key,
            later=tuple(later[report.id]),
            handoffs=(*its[report.id], *(replace(one, reference=None) for one in followed(its, report.id))),
            events=(*events[report.id], *followed(events, report.id)),
            watches=(*watches[report.id], *followed(watches, report.id)),
        )
        for report, key in found
    ]


def _each(conn: Connection, shape: Shape[V], query: Both[Select[Any]], ids: list[UUID]) -> Mapping[UUID, list[V]]:
    """The rows of each report."""
    place = shape.names.index("report_id")
    found: dict[UUID, list[V]] = defaultdict(list)
    for row in conn.execute(query.on(conn), {"ids": ids}):
        found[row[place]].append(shape.value(row))
    return found
