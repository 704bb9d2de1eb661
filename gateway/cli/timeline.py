"""What became of a report, told in order: its messages, its handoffs, every attempt with its proof, what people did."""

from __future__ import annotations

from typing import Any

from gateway.cli.decisions import decision_lines
from gateway.cli.files import file_line
from gateway.cli.say import spelled_time, tell
from gateway.cli.words import CLOCK_STYLES, DELIVERED, GRADES, SOURCES, STATES, STYLES
from gateway.ledger.notice_values import ToldNotice
from gateway.ledger.values import AttemptRow, HandoffRow, ReportRecord, ResultRow
from gateway.operations.documents import clock_row, notice_told, tries_of
from gateway.storyline import timeline_of
from schemas.timeline import Timeline


def print_report(record: ReportRecord) -> None:
    """The whole story of a report on stdout."""
    report = record.report
    tell(f"Laporan / Report {report.tracking_code}", style="bold")
    tell(f"  id {report.id}")
    tell(f"  kanal / channel {report.channel} · diterima / received {spelled_time(report.received_at)}")
    flags = [name for name, on in _flags(record).items() if on]
    tell(f"  {report.classification}" + (f" · {', '.join(flags)}" if flags else ""))
    for message in record.messages:
        tell(f"  pesan / message {message.sequence} · {spelled_time(message.received_at)}")
        for file in record.files:
            if file.sequence == message.sequence:
                tell(f"    {file_line(file)}", style="red" if file.state == "withheld" else None)
    for line in decision_lines(report.verdict, report.decision):
        tell(f"  {line}")
    for line in (*_aside_lines(record), *link_lines(record)):
        tell(f"  {line}")
    for handoff in record.handoffs:
        tell("")
        print_handoff(handoff, record)
    if record.events:
        tell("")
        print_timeline(timeline_of(record, None))
    _print_clocks(record)
    _print_actions(record)


def _aside_lines(record: ReportRecord) -> list[str]:
    return [f"{one.state}: {one.stage.value}, {one.reason} · {spelled_time(one.parked_at)}" for one in record.parked]


def link_lines(record: ReportRecord) -> list[str]:
    """Which report it follows, and which follow it."""
    lines = []
    if record.ties.lead is not None:
        link = record.ties.lead.link
        ended = f" · lepas / unlinked {spelled_time(link.unlinked_at)}" if link.unlinked_at else ""
        code = record.ties.lead.tracking_code
        lines.append(f"mengikuti / follows {code} ({link.kind.value}, {link.linked_by}){ended}")
    if record.ties.supporters:
        codes = ", ".join(one.tracking_code for one in record.ties.supporters)
        lines.append(f"pendukung / supporters {len(record.ties.supporters)}: {codes}")
    return lines


def _print_clocks(record: ReportRecord) -> None:
    if record.clocks:
        tell("")
        tell("Tenggat / Clocks", style="bold")
    for clock in record.clocks:
        row = clock_row(clock)
        paused = " · berhenti / paused" if clock.paused else ""
        line = f"  {clock.destination} · {clock.kind.value} · {clock.state.value}{paused}"
        tell(
            f"{line} · sampai / until {spelled_time(clock.deadline_at)} · {row['whose']}",
            style=CLOCK_STYLES.get(clock.state),
        )


def print_timeline(story: Timeline) -> None:
    """The timeline on stdout, a line for each entry, and below it what was written."""
    tell(f"Perjalanan laporan / Timeline {story.tracking_code}", style="bold")
    for entry in story.entries:
        where = f" · {entry.destination}" if entry.destination else ""
        named = f" · {entry.status_name}" if entry.status_name else f" · {entry.reference}" if entry.reference else ""
        tell(f"  {spelled_time(entry.at)}  {entry.said}{where}{named}")
        if entry.text:
            for line in entry.text.splitlines():
                tell(f"      {line}")


def print_handoff(handoff: HandoffRow, record: ReportRecord) -> None:
    """A handoff and its attempts on stdout."""
    tell(f"→ {handoff.destination} · {handoff.kind.value} · {handoff.id}", style="bold")
    tell(f"  {handoff.state.value}: {STATES[handoff.state]}", style=STYLES.get(handoff.state))
    if handoff.evidence:
        tell(f"  bukti / evidence {handoff.evidence.value}: {GRADES[handoff.evidence]}")
    if handoff.reference:
        tell(f"  nomor rujukan / reference {handoff.reference}")
    if notice := notice_told(handoff, record):
        tell(f"  kabar / notice {notice.purpose.value}{_vendor_said(notice)}")
    if handoff.reason:
        where = f"{handoff.stage.value}: " if handoff.stage else ""
        tell(f"  alasan / reason {where}{handoff.reason}")
    if handoff.due_at:
        tell(f"  percobaan berikut / next try {spelled_time(handoff.due_at)}")
    for attempt, results in tries_of(handoff, record):
        _print_attempt(attempt, results)


def _vendor_said(notice: ToldNotice) -> str:
    """What became of it at the reporter's end, as the channel's vendor tells."""
    if notice.status is None or notice.status_at is None:
        return ""
    error = f" ({notice.error})" if notice.error else ""
    return f" · {DELIVERED[notice.status]} · {spelled_time(notice.status_at)}{error}"


def _print_attempt(attempt: AttemptRow, results: list[ResultRow]) -> None:
    start = f"    {spelled_time(attempt.started_at)}  {attempt.number}. {attempt.step}"
    if not results:
        tell(f"{start}  … belum ada hasil / no result yet")
    for result in results:
        seconds = (result.ended_at - attempt.started_at).total_seconds()
        status = f" http {result.status}" if result.status and str(result.status) not in result.reason else ""
        source = SOURCES[result.source] and f" · {SOURCES[result.source]}"
        who = f" · {result.actor}" if result.actor else ""
        line = f"{start}  {result.outcome.value}  {result.reason}{status} · {seconds:.3f} s{source}{who}"
        tell(line, style=STYLES.get(result.outcome))
        if result.receipt:
            tell(f"        tanda terima / receipt {_receipt(result.receipt)}")


def _receipt(receipt: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in receipt.items() if value)


def _print_actions(record: ReportRecord) -> None:
    if record.actions:
        tell("")
        tell("Tindakan / Actions", style="bold")
    for action in record.actions:
        detail = ", ".join(f"{name} {value}" for name, value in action.detail.items())
        tell(f"  {spelled_time(action.at)}  {action.actor}  {action.action}  {detail}")


def _flags(record: ReportRecord) -> dict[str, bool]:
    report = record.report
    archive = record.archive
    return {
        "anonim / anonymous": report.is_anonymous,
        "rahasia / secret": report.is_secret,
        "prioritas / priority": report.is_priority,
        "dihapus / erased": report.erased_at is not None and archive is None,
        f"dalam arsip / in archive {archive and archive.name}": archive is not None,
    }
