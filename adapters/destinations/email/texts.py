"""What people read in a case's mail: subject and body, in Indonesian with English beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.contract import Case
from adapters.outbound.case_lines import HEADINGS, facts, messages
from schemas.handoff import HandoffKind

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TITLE_LENGTH = 120

_FOOT = """\
Surat ini dibuat oleh gateway laporan warga. Jawablah surat ini agar jawaban Anda sampai ke kasus yang benar;
biarkan kode lacak tetap di judul.
This message was made by the gateway for citizen reports. Answer it, so that your answer finds its case; leave the
tracking code in the subject."""


def subject_of(case: Case) -> str:
    """One line: the tracking code first, the title cut to a length that mailboxes show."""
    title = " ".join(_CONTROL.sub(" ", case.report.title).split())[:_TITLE_LENGTH] or "-"
    prefix = "" if case.kind is HandoffKind.REPORT else "Re: "
    withdrawn = " (ditarik / withdrawn)" if case.kind is HandoffKind.WITHDRAWAL else ""
    return f"{prefix}[{case.tracking_code}] Laporan warga: {title}{withdrawn}"


def body_text(case: Case, *, carried: Sequence[str], left_out: Sequence[str]) -> str:
    """The body. `carried` are the reporter's files that are attached, `left_out` those that were too large."""
    parts = [HEADINGS[case.kind], _new(case), _known(case), f"Isi laporan / Report\n\n{_clean(case.report.content)}"]
    if carried:
        parts.append(_listed("Berkas terlampir / Files attached", carried))
    if left_out:
        parts.append(_listed("Berkas terlalu besar untuk dilampirkan / Files too large to attach", left_out))
    parts.append(f"-- \n{_FOOT}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _new(case: Case) -> str:
    """What came since the report, first where that is what the mail is about."""
    if case.kind is HandoffKind.REPORT:
        return ""
    return "\n\n".join(f"{when}\n{_clean(text)}" for when, text in messages(case))


def _known(case: Case) -> str:
    return "\n".join(f"{label}: {' '.join(_CONTROL.sub(' ', value).split())}" for label, value in facts(case))


def _clean(text: str) -> str:
    """Only line breaks of the control characters, and no blanks at the ends of lines (RFC 3676 would join them)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_CONTROL.sub(" ", line).rstrip() for line in lines).strip()


def _listed(title: str, names: Sequence[str]) -> str:
    return "\n".join([title, *(f"  - {_CONTROL.sub(' ', name)}" for name in names)])
