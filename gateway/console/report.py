"""One report: what happened to it, in order, and why; who told it only for a reason that is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from starlette.responses import Response

from gateway.casework import EXCERPT_PART, REPORT_PART, REPORTER_PART
from gateway.categories import load_categories
from gateway.console.visit import Visit
from gateway.ledger.values import AttemptRow, ReportRecord, ResultRow
from gateway.ledger.views import show_report
from gateway.masking import masked
from gateway.operations.rebuilding import Means, Sent, requests_sent
from gateway.regions import region_name
from gateway.revealing import reveal
from gateway.storyline import kept_key, timeline_of
from gateway.vault import Erased, SubjectKey
from schemas.errors import NotFound
from schemas.report import Report, Reporter
from schemas.vocabulary import Classification

_report = TypeAdapter(Report)
_reporter = TypeAdapter(Reporter)


@dataclass(frozen=True, slots=True)
class Told:
    """An attempt with what was sent, and its results, each with what the destination answered; all masked."""

    attempt: AttemptRow
    sent: Sent
    results: tuple[tuple[ResultRow, str], ...]


async def show(visit: Visit) -> Response:
    """The report without its words and without its reporter."""
    return await _page(visit, await _found(visit), None)


async def take_reveal(visit: Visit) -> Response:
    """The report with its words and its reporter: who looked, and why, is recorded first."""
    record = await _found(visit)
    reason = visit.needed("why")
    desk = visit.desk
    content = await reveal(desk.ledger, desk.vault, record, actor=visit.actor, reason=reason, now=visit.now)
    return await _page(visit, await _found(visit), content)


async def _found(visit: Visit) -> ReportRecord:
    record = await visit.desk.ledger.read(show_report, visit.path_id("report"))
    if record is None:
        raise NotFound(visit.told("report.unknown"))
    return record


async def _page(visit: Visit, record: ReportRecord, content: Mapping[str, Any] | None) -> Response:
    desk = visit.desk
    means = Means(desk.ledger, desk.vault, desk.destinations, desk.config.destinations)
    decision = record.report.decision if isinstance(record.report.decision, dict) else {}
    return visit.page(
        "report.html",
        here=f"/reports/{record.report.id}",
        record=record,
        report=record.report,
        decision={name: decision.get(name) or {} for name in ("verdict", "suggestion", "route")},
        tries=_tries(visit, record, await requests_sent(means, record)),
        files=[(one.sequence, one) for one in record.files],
        classes=[one.value for one in Classification],
        categories=load_categories().by_id.values(),
        waits=next((one.id for one in record.parked if one.state == "parked"), None),
        destinations=sorted(desk.config.destinations),
        category=load_categories().by_id.get(record.report.category_id or 0),
        region=region_name(record.report.region_code) if record.report.region_code else None,
        content=content,
        story=timeline_of(record, kept_key(desk.vault, record.key) if content else None).entries,
    )


def _tries(visit: Visit, record: ReportRecord, sent: Mapping[UUID, Sent]) -> dict[UUID, list[Told]]:
    """The attempts of each handoff."""
    opened = _opened(visit, record)
    ends: dict[UUID, list[tuple[ResultRow, str]]] = {}
    of = {attempt.id: attempt.destination for attempt in record.attempts}
    for result in record.results:
        text = _answer(visit, of[result.attempt_id], result, opened)
        ends.setdefault(result.attempt_id, []).append((result, text))
    found: dict[UUID, list[Told]] = {handoff.id: [] for handoff in record.handoffs}
    for attempt in record.attempts:
        found[attempt.handoff_id].append(Told(attempt, sent[attempt.id], tuple(ends.get(attempt.id, ()))))
    return found


@dataclass(frozen=True, slots=True)
class _Opened:
    key: SubjectKey
    report: Report
    reporter: Reporter | None


def _opened(visit: Visit, record: ReportRecord) -> _Opened | None:
    """What must be known to mask it; None once the report was erased."""
    row = record.report
    try:
        key = visit.desk.vault.open_key(row.id, record.key.wrapped, record.key.master_key_id)
    except Erased:
        return None
    sealed = row.sealed_reporter
    reporter = _reporter.validate_json(key.open(REPORTER_PART, sealed)) if sealed else None
    return _Opened(key, _report.validate_json(key.open(REPORT_PART, row.sealed_report)), reporter)


def _answer(visit: Visit, destination: str, result: ResultRow, opened: _Opened | None) -> str:
    if opened is None or result.sealed_excerpt is None:
        return ""
    text = opened.key.open(EXCERPT_PART, result.sealed_excerpt).decode("utf-8", "replace")
    entry = visit.desk.config.destinations.get(destination)
    secrets = entry.entry.secrets.values() if entry else ()
    return masked(text, report=opened.report, reporter=opened.reporter, secrets=secrets)
