"""A case as a PDF for people and files: the same bytes for the same case.

Written with the fonts that every reader has, so nothing is embedded; a letter that these do not have is shown as `?`,
and the page says so. Streams are left uncompressed: what a compressor makes of them differs from build to build.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from adapters.contract import Case
from adapters.outbound.case_lines import HEADINGS, facts, file_names, messages
from schemas.handoff import HandoffKind

_FONT = "Helvetica"
_ENCODING = "cp1252"  # what the standard fonts of a PDF hold (ISO 32000-1, annex D.1: WinAnsiEncoding)
_MARGIN = 18.0
_MISSING = (
    "Sebagian huruf tidak ada dalam huruf cetak ini; teks lengkapnya ada dalam berkas JSON. / "
    "Some letters cannot be printed here; the JSON file has them."
)


class _Page(FPDF):
    """A page with the tracking code below, and nothing that changes from run to run."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        self.core_fonts_encoding = _ENCODING
        self.set_compression(False)
        self.set_creation_date(case.accepted_at.astimezone(UTC))
        self.set_producer("sp4n-gateway")
        self.set_title(f"{case.tracking_code}: {_printable(HEADINGS[case.kind])}")
        self.set_lang("id")
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN)
        self.alias_nb_pages()

    def file_id(self) -> str:
        """The identity of the file, from the handoff alone."""
        digest = sha256(str(self._case.handoff_id).encode()).hexdigest()[:32].upper()
        return f"<{digest}><{digest}>"

    def footer(self) -> None:
        """Tracking code and page on every page."""
        self.set_y(-_MARGIN + 4)
        self.set_font(_FONT, size=8)
        self.cell(0, 5, f"{self._case.tracking_code}  ·  {self.page_no()}/{{nb}}", align="C")


def case_pdf(case: Case) -> bytes:
    """The case on as many pages as its text needs."""
    page = _Page(case)
    page.add_page()
    _heading(page, HEADINGS[case.kind], 15)
    known = [*facts(case)]
    for label, value in known:
        _fact(page, label, value)
    _heading(page, "Isi laporan / Report", 12)
    _text(page, case.report.content or "-")
    said = [*messages(case)] if case.kind is not HandoffKind.REPORT else []
    if said:
        _heading(page, "Pesan / Messages", 12)
    for when, text in said:
        _bold(page, when)
        _text(page, text)
    names = file_names(case)
    if names:
        _heading(page, "Berkas / Files", 12)
        _text(page, "\n".join(names))
    shown = (case.report.content, *names, *(value for _, value in known), *(text for _, text in said))
    if _lacks_letters(shown):
        _heading(page, "Catatan / Note", 12)
        _text(page, _MISSING)
    return bytes(page.output())


def _heading(page: FPDF, text: str, size: int) -> None:
    page.ln(3)
    page.set_font(_FONT, style="B", size=size)
    page.multi_cell(0, size * 0.5, _printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(1)


def _bold(page: FPDF, text: str) -> None:
    page.set_font(_FONT, style="B", size=10)
    page.multi_cell(0, 5, _printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _text(page: FPDF, text: str) -> None:
    page.set_font(_FONT, size=10)
    page.multi_cell(0, 5, _printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(1)


def _fact(page: FPDF, label: str, value: str) -> None:
    """Label above value, so that neither is cut however long it is."""
    page.set_font(_FONT, style="B", size=8)
    page.multi_cell(0, 4, _printable(label), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font(_FONT, size=10)
    page.multi_cell(0, 5, _printable(value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _printable(text: str) -> str:
    """The text in letters that the standard fonts have, without control characters."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character == "\n" or unicodedata.category(character)[0] != "C"
    )
    return kept.encode(_ENCODING, "replace").decode(_ENCODING)


def _lacks_letters(texts: Iterable[str]) -> bool:
    return any(_printable(text).count("?") > text.count("?") for text in texts)
