"""What a reporter is told of an event: nothing of a line in an agency's own record, and of the rest what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from gateway.casework import REPORT_PART
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.values import EventRow, ReportRow
from gateway.notices import About, Standing, notice_of_answer, notice_of_question, notice_of_status
from gateway.owing import Manner, owed_notice
from gateway.vault import SubjectKey
from schemas.notice import Notice
from schemas.report import Report
from schemas.status import EventKind
from schemas.vocabulary import CaseStatus

_report = TypeAdapter(Report)
_UNTOLD = frozenset({CaseStatus.UNVERIFIED})
"""Statuses that are no news to whoever has just been told that the report was received."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How reporters are told: what agencies are called, by destination, and the manner of notices.

    `page` is where a code is looked up; None where nobody said under which address the gateway is reached.
    """

    agencies: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = field(default_factory=Manner)
    page: str | None = None


def notice_for(event: EventRow, text: str, report: ReportRow, key: SubjectKey, how: Telling) -> NewNotice | None:
    """The notice that an event is worth, owed if it proves to be new. `text` is the event's, cleaned."""
    agency = how.agencies.get(event.destination)
    notice = _notice(event, text, about_report(report, key, how.page), agency)
    if notice is None:
        return None
    bursts = {EventKind.STATUS: f"status:{event.destination}", EventKind.ANSWER: f"answer:{event.destination}"}
    return owed_notice(notice, report, key, about=str(event.id), manner=how.manner, burst=bursts.get(event.kind))


def _notice(event: EventRow, text: str, about: About, agency: str | None) -> Notice | None:
    if event.kind is EventKind.QUESTION:
        return notice_of_question(about, event.received_at, agency, text or event.status_name or "")
    if event.kind is EventKind.ANSWER and text:
        return notice_of_answer(about, event.received_at, agency, text)
    status = CaseStatus(event.status) if event.status else None
    if event.kind is not EventKind.STATUS or status in _UNTOLD:
        return None
    return notice_of_status(about, event.received_at, Standing(agency, event.status_name, status))


def about_report(report: ReportRow, key: SubjectKey, page: str | None) -> About:
    """The report as far as a notice may tell it."""
    title = _report.validate_json(key.open(REPORT_PART, report.sealed_report)).title
    return About(report.tracking_code, title, page)
