"""A case as the document that the older interface takes: the same bytes for the same case."""

from __future__ import annotations

from adapters.contract import Case
from adapters.destinations.lapor_xml.options import Options
from adapters.outbound.prose import text_of_case
from adapters.outbound.xml import escaped
from schemas.handoff import HandoffKind

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROOM = 120
"""Characters of `isi` that are kept for what stands before the text of a later message."""


def document_of(options: Options, case: Case, token: str, first: str | None) -> bytes:
    """The document. `first` is the tracking id of the report that a later message is about, where it is known."""
    report = case.report
    flags = f'rahasia="{int(report.is_secret)}" anonim="{int(report.is_anonymous)}"'
    content = escaped(_content(options, case, first))
    whole = (
        f'{_DECLARATION}<lapor token="{escaped(token)}">'
        f"<pelapor>{_reporter(options, case)}</pelapor>"
        f"<laporan {flags}><isi>{content}</isi></laporan></lapor>"
    )
    return whole.encode()


def _content(options: Options, case: Case, first: str | None) -> str:
    if case.kind is HandoffKind.REPORT:
        return text_of_case(case, options.content_limit)
    about = f"Tentang laporan {first}.\n\n" if first else ""
    return about + text_of_case(case, options.content_limit - _ROOM)


def _reporter(options: Options, case: Case) -> str:
    """The four elements, always: the names that may be told, else those of the channel."""
    reporter = None if case.report.is_anonymous else case.reporter
    unnamed = options.unnamed
    if reporter is None:
        values = (unnamed.email, unnamed.phone, unnamed.first_name, unnamed.last_name)
    else:
        first, _, last = (reporter.name or "").strip().partition(" ")
        values = (reporter.email or "", reporter.phone or "", first or unnamed.first_name, last.strip())
    names = ("email", "telpon", "namadepan", "namabelakang")
    return "".join(f"<{name}>{escaped(value)}</{name}>" for name, value in zip(names, values, strict=True))
