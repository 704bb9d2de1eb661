"""The receipt on a page of paper: who received the report, and a QR code that proves it without the gateway."""

from __future__ import annotations

import json
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from gateway.citizen_receipt import STANDING_WORDS
from gateway.citizen_receipt_format import to_link
from gateway.public.pages import told_time
from gateway.receipting import MadeReceipt

_FONT = "Helvetica"
_ENCODING = "cp1252"  # what the standard fonts of a PDF hold
_MARGIN = 18.0
_QR_MILLIMETRES = 62.0
_QR_CORRECTION = "m"  # a fold or a stain of some 15 % is survived


def receipt_pdf(made: MadeReceipt, check_address: str) -> bytes:
    """The receipt as a page. The QR code is a link to the page that checks it, if the gateway has a public address.

    Else it holds the short form as it is, for `sp4n-gateway verify --receipt`.
    """
    document = json.loads(made.content)
    page = FPDF()
    page.core_fonts_encoding = _ENCODING
    page.set_title(f"Tanda terima {made.tracking_code}")
    page.set_lang("id")
    page.set_creation_date(datetime.fromisoformat(document["made_at"]))
    page.set_producer("sp4n-gateway")
    page.set_margins(_MARGIN, _MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    page.add_page()
    _line(page, "Tanda terima laporan", 20, "B")
    _line(page, "Receipt of a report", 11)
    page.ln(4)
    _fact(page, "Kode lacak / Tracking code", made.tracking_code)
    _fact(page, "Dibuat / Made", told_time(datetime.fromisoformat(document["made_at"])))
    _fact(page, "Keadaan / Standing", " / ".join(STANDING_WORDS[document["standing"]]))
    _receivers(page, made)
    is_link = check_address.startswith("http")
    _code(page, to_link(check_address, document["compact"]) if is_link else document["compact"])
    asked = f"Pindai kode di atas, atau buka {check_address} / Scan the code, or open {check_address}."
    _line(page, asked if is_link else "Pindai kode di atas / Scan the code above.", 9)
    _line(page, "Tanpa jaringan / Offline: sp4n-gateway verify --receipt FILE --key '...'", 9)
    _line(page, f"Kunci publik / Public key: {document['key']}", 7)
    _line(page, "Tidak ada nama dan isi laporan di lembar ini. / No name and no text of the report is on this page.", 8)
    return bytes(page.output())


def _receivers(page: FPDF, made: MadeReceipt) -> None:
    page.ln(3)
    _line(page, "Diterima oleh / Received by", 12, "B")
    for one in made.checked.received:
        when = told_time(datetime.fromisoformat(one.delivered_at))
        _fact(page, made.checked.called(one.destination), f"{when}  -  nomor / number {one.reference or '-'}")
    for name, state in made.checked.open:
        _fact(page, made.checked.called(name), " / ".join(STANDING_WORDS.get(state, (state,))))
    if not made.checked.received and not made.checked.open:
        _line(page, "Belum ada / Nobody yet", 10)


def _code(page: FPDF, content: str) -> None:
    """The QR code in squares, sharp at any size, with the quiet zone that readers need (ISO/IEC 18004, 5.3.8)."""
    page.ln(4)
    rows = tuple(segno.make_qr(content, error=_QR_CORRECTION).matrix_iter(border=4))
    side, left = _QR_MILLIMETRES / len(rows), _MARGIN
    if page.will_page_break(_QR_MILLIMETRES + 30):
        page.add_page()
    top = page.get_y()
    page.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                page.rect(left + across * side, top + down * side, side, side, style="F")
    page.set_y(top + _QR_MILLIMETRES + 2)


def _line(page: FPDF, text: str, size: int, style: str = "") -> None:
    page.set_font(_FONT, style=style, size=size)
    page.multi_cell(0, size * 0.5, _printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _fact(page: FPDF, label: str, value: str) -> None:
    _line(page, label, 8, "B")
    _line(page, value, 11)
    page.ln(1.5)


def _printable(text: str) -> str:
    kept = "".join(character for character in text if character.isprintable())
    return kept.encode(_ENCODING, "replace").decode(_ENCODING)
