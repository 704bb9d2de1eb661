"""From a notice to the row that owes it: sealed under its report's key, due when its reporter may be disturbed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from gateway.casework import NOTICE_PART
from gateway.ledger.values import NewNotice, ReportRow
from gateway.quiet import QuietHours, parse_quiet_hours, zone_of
from gateway.settings import Settings
from gateway.vault import SubjectKey
from schemas.ids import new_id
from schemas.notice import ANSWERS, Notice

EMERGENCY_FIRST, ORDINARY = 0, 1


@dataclass(frozen=True, slots=True)
class Manner:
    """How people are told things. `burst`: so long a change of status waits for the next one to take its place."""

    quiet: QuietHours = field(default_factory=QuietHours)
    burst: timedelta = timedelta(minutes=5)


def manner_of(settings: Settings) -> Manner:
    """The manner that the settings ask for."""
    return Manner(parse_quiet_hours(settings.quiet_hours), timedelta(seconds=settings.notice_burst))


def page_of(settings: Settings) -> str | None:
    """Where a tracking code is looked up; None where nobody said under which address the gateway is reached."""
    return f"{settings.public_url}/lacak" if settings.public_url else None


def owed_notice(
    notice: Notice, report: ReportRow, key: SubjectKey, *, about: str, manner: Manner, burst: str | None = None
) -> NewNotice:
    """The row of a notice, for `owe_notices`.

    `about` is what it is about (the id of an event, say): a report is told a purpose about one thing once. Notices of
    one `burst` (those of one agency, say) collapse into the last of them. An answer to what the reporter has just
    written goes at once; so does everything about an emergency, except that a burst is still waited for.
    """
    now = notice.created_at
    due_at = now + manner.burst if burst is not None else now
    if notice.purpose not in ANSWERS and not report.is_priority:
        due_at = manner.quiet.over(due_at, zone_of(report.region_code))
    return NewNotice(
        id=new_id(now),
        report_id=report.id,
        channel=report.channel,
        purpose=notice.purpose,
        key=about,
        sealed_notice=key.seal(NOTICE_PART, notice.model_dump_json().encode()),
        created_at=now,
        due_at=due_at,
        burst_key=burst,
        priority=EMERGENCY_FIRST if report.is_priority or notice.purpose in ANSWERS else ORDINARY,
    )
