"""The texts of a case as officials read them: the tracking code first, nothing lost, never the reporter's identity."""

from __future__ import annotations

from collections.abc import Callable

from adapters.contract import Case
from schemas.handoff import HandoffKind
from schemas.report import Attachment, Location

WITHDRAWN = "Pelapor mencabut laporan ini."


def complaint_texts(case: Case, limit: int, missing_files: int) -> list[str]:
    """The complaint's text, in as many parts as the limit asks for; all but the first go as follow-ups."""
    report = case.report
    agency = f"Instansi yang disebut pelapor: {report.agency}" if report.agency else ""
    notes = _joined("\n", _place(report.location), agency, _missing(missing_files))
    return _parts(lambda number: complaint_head(case, number), _joined("\n\n", report.content, notes), limit)


def followup_texts(case: Case, limit: int, missing_files: int) -> list[str]:
    """What the reporter added, or that the report is withdrawn, in as many parts as the limit asks for."""
    withdrawn = WITHDRAWN if case.kind is HandoffKind.WITHDRAWAL else ""
    said = [_joined("\n", message.text, _place(message.location)) for message in case.messages]
    whole = _joined("\n\n", withdrawn, *said, _missing(missing_files))
    return _parts(lambda number: followup_head(case, number), whole, limit)


def complaint_head(case: Case, number: int = 1) -> str:
    """How part `number` of the complaint's text begins."""
    return case.tracking_code if number == 1 else f"{case.tracking_code} [lanjutan {number}]"


def followup_head(case: Case, number: int = 1) -> str:
    """How part `number` of a later message begins. No two follow-ups of a report begin the same."""
    part = "" if number == 1 else f".{number}"
    if case.kind is HandoffKind.WITHDRAWAL:
        return f"{case.tracking_code} [pencabutan{part}]"
    first = min((message.sequence for message in case.messages), default=0)
    return f"{case.tracking_code} [tambahan {first}{part}]"


def attachments_of(case: Case) -> tuple[Attachment, ...]:
    """The attachments that this handoff is about."""
    if case.kind is HandoffKind.REPORT:
        return case.report.attachments
    return tuple(attachment for message in case.messages for attachment in message.attachments)


def _place(location: Location | None) -> str:
    """The place in one line: LAPOR!'s own field for it knows regions only."""
    if location is None:
        return ""
    names = (location.address, location.village, location.district, location.regency, location.province)
    line = ", ".join(name for name in names if name)
    if location.latitude is not None and location.longitude is not None:
        line = f"{line} ({location.latitude:.6f}, {location.longitude:.6f})".lstrip()
    return f"Lokasi: {line}" if line else ""


def _missing(files: int) -> str:
    return f"({files} lampiran tidak dapat diambil dari kanal asal)" if files > 0 else ""


def _joined(separator: str, *texts: str) -> str:
    return separator.join(text for text in texts if text)


def _parts(head: Callable[[int], str], whole: str, limit: int) -> list[str]:
    """The text cut into parts no longer than the limit, each under its head."""
    parts: list[str] = []
    rest = whole.strip()
    while rest or not parts:
        top = head(len(parts) + 1)
        room = limit - len(top) - 2
        cut = len(rest) if len(rest) <= room else _gap(rest, room)
        parts.append(_joined("\n\n", top, rest[:cut].rstrip()))
        rest = rest[cut:].lstrip()
    return parts


def _gap(text: str, room: int) -> int:
    """Where to cut: at white space not far before the end of the room, else in the middle of a word."""
    far = room - room // 5
    found = max(text.rfind(" ", far, room), text.rfind("\n", far, room))
    return found if found > 0 else room
