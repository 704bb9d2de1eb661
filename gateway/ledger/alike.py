"""Finds, among new reports, those that tell of an event again, each linked to the report that told it first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select

from gateway.ledger.link_values import LinkRow
from gateway.ledger.many import Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import report_links, sketches
from gateway.ledger.values import NewReport, ParkedRow
from gateway.likeness import Likeness, Sketch, alike, unpacked
from schemas.handoff import LinkKind, ParkStage
from schemas.ids import new_id
from schemas.screening import Finding, Verdict, VerdictKind

RULE = "rule:same_event"
"""Who links reports when they come in."""

MOST_ALIKE = 24
"""So many reports are kept to be found by one key while they are recent. A place from which more come, as when it is
flooded, must not make every further report dearer: what is told there again is then a report of its own."""

SKETCHES, LINKS = Inserts(sketches), Inserts(report_links)
_FOUND = Prepared(
    lambda dialect: select(sketches.c.key, sketches.c.report_id, sketches.c.sender, sketches.c.sketch).where(
        dialect.among(sketches.c.key, "keys"),
        sketches.c.report_id >= bindparam("since", type_=sketches.c.report_id.type),
    )
)
_REASONS = {
    LinkKind.AGAIN: "tells again what its sender told in an earlier report",
    LinkKind.SUPPORTER: "tells of the same event, at the same place, as an earlier report of somebody else",
}


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A report that may have told of the event first."""

    report_id: UUID
    sender: bytes
    sketch: Sketch


def told_apart(conn: Connection, items: list[NewReport]) -> list[NewReport]:
    """The reports; those that tell of an event again are owed to nobody and linked to the first. One query for all.

    Two that come at the same moment through two processes do not see each other: each is then a report of its own.
    """
    asked = [item.likeness for item in items if item.likeness is not None]
    if not asked:
        return items
    earlier = _found(conn, asked)
    return [_apart(item, earlier) for item in items]


def with_kept_leads(item: NewReport, kept_as: Mapping[UUID, UUID]) -> NewReport:
    """The report with its link; `kept_as` are the reports whose message was here already, as which it is kept."""
    if item.link is None or item.link.lead_id not in kept_as:
        return item
    return replace(item, link=replace(item.link, lead_id=kept_as[item.link.lead_id]))


def sketch_rows(item: NewReport) -> list[dict[str, Any]]:
    """By what a new report that is not linked itself is found again."""
    if item.likeness is None:
        return []
    sender, sketch = item.likeness.sender, item.likeness.sketch.packed()
    keys = item.likeness.keys
    return [{"key": key, "report_id": item.report.id, "sender": sender, "sketch": sketch} for key in keys]


def forget_sketch(conn: Connection, report_ids: Iterable[UUID]) -> None:
    """No later report is linked to these any more."""
    for report_id in report_ids:
        conn.execute(delete(sketches).where(sketches.c.report_id == report_id))


def _found(conn: Connection, asked: list[Likeness]) -> dict[bytes, list[_Earlier]]:
    keys = sorted({key for one in asked for key in one.asked})
    rows = _FOUND.rows(conn, {"keys": keys, "since": min(one.since for one in asked)})
    earlier: dict[bytes, list[_Earlier]] = defaultdict(list)
    known: dict[UUID, _Earlier | None] = {}
    for key, report_id, sender, packed in rows:
        if report_id not in known:
            sketch = unpacked(packed)
            known[report_id] = _Earlier(report_id, sender, sketch) if sketch is not None else None
        if (one := known[report_id]) is not None:
            earlier[key].append(one)
    return earlier


def _apart(item: NewReport, earlier: dict[bytes, list[_Earlier]]) -> NewReport:
    mine = item.likeness
    if mine is None:
        return item
    near = {one.report_id: one for key in mine.asked for one in earlier.get(key, ())}
    sure = [(_how_sure(mine, one), one) for one in near.values() if mine.since <= one.report_id != item.report.id]
    best = max((pair for pair in sure if pair[0]), key=lambda pair: (pair[0], -pair[1].report_id.int), default=None)
    if best is None:
        kept = tuple(key for key in mine.keys if len(earlier.get(key, ())) < MOST_ALIKE)
        for key in kept:
            earlier.setdefault(key, []).append(_Earlier(item.report.id, mine.sender, mine.sketch))
        return replace(item, likeness=replace(mine, keys=kept))
    likeness, lead = best
    return _linked(item, lead, likeness, LinkKind.AGAIN if lead.sender == mine.sender else LinkKind.SUPPORTER)


def _how_sure(mine: Likeness, other: _Earlier) -> float:
    return alike(mine.sketch, other.sketch, same_sender=mine.sender == other.sender) or 0.0


def _linked(item: NewReport, lead: _Earlier, likeness: float, kind: LinkKind) -> NewReport:
    """The report as one that follows another: what it was owed is not made, and nothing waits."""
    now, report = item.report.received_at, item.report
    before = Verdict.model_validate(report.decision["verdict"])
    finding = Finding(check="same_event", score=likeness, reason=_REASONS[kind])
    verdict = Verdict(kind=VerdictKind.DUPLICATE, findings=(*before.findings, finding))
    decision: dict[str, Any] = {**report.decision, "verdict": verdict.model_dump(mode="json"), "route": None}
    aside = ParkedRow(
        id=new_id(now),
        channel=report.channel,
        message_key=item.message.message_key,
        stage=ParkStage.SCREEN,
        reason=f"{VerdictKind.DUPLICATE.value}: same_event",
        parked_at=now,
        report_id=report.id,
        state="cancelled",
        closed_at=now,
    )
    return replace(
        item,
        report=replace(report, verdict=VerdictKind.DUPLICATE.value, decision=decision),
        handoffs=(),
        parked=aside,
        likeness=None,
        link=LinkRow(report.id, lead.report_id, kind, now, RULE, due_at=now),
    )
