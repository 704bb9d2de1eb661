"""The report of a day on a page of paper (PDF): figures, bars and causes, Indonesian with English beside it."""

from __future__ import annotations

from collections.abc import Mapping

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from gateway.daily.day import ACCEPTED, HOURS, STATES, Day
from gateway.daily.words import both, long_date

_FONT = "Helvetica"
_ENCODING = "cp1252"  # what the standard fonts of a PDF hold
_MARGIN, _WIDE = 18.0, 174.0
_COLUMNS_TALL = 32.0
_SHADES = {"delivered": (15, 106, 60), "pending": (11, 87, 164), "uncertain": (107, 63, 160), "parked": (174, 31, 31),
           "cancelled": (91, 102, 117)}  # fmt: skip


def pdf_of(day: Day) -> bytes:
    """The page."""
    page = FPDF()
    page.core_fonts_encoding = _ENCODING
    page.set_title(f"{both('title')} {day.date.isoformat()}")
    page.set_lang("id")
    page.set_creation_date(day.made_at)
    page.set_producer("sp4n-gateway")
    page.set_margins(_MARGIN, _MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    page.add_page()
    _line(page, both("title"), 18, "B")
    _line(page, f"{long_date(day.date, 'id')} / {long_date(day.date, 'en')}", 11)
    made = f"{both('made')} {day.made_at.astimezone().isoformat(timespec='minutes')}"
    _line(page, made if day.is_over else f"{made} ({both('so_far')})", 8)
    page.ln(3)
    _figures(page, day)
    _hours(page, day)
    _states(page, day)
    _causes(page, day)
    return bytes(page.output())


def _figures(page: FPDF, day: Day) -> None:
    share = day.delivered_share
    rows = [
        (both("received"), str(day.received)),
        (both("usual"), f"{day.usual:.1f}"),
        (both("accept"), str(day.verdicts(ACCEPTED))),
        (both("aside"), str(day.received - day.verdicts(ACCEPTED))),
        *((both(state), str(day.total(state))) for state in STATES),
        (both("share"), f"{share:.1%}" if share is not None else "-"),
        (both("broken"), str(sum(day.broken.values()))),
    ]
    for label, value in rows:
        _row(page, label, value)


def _hours(page: FPDF, day: Day) -> None:
    _heading(page, both("hours"))
    most, step, top = max([*day.hours, 1]), _WIDE / HOURS, page.get_y() + 4
    page.set_font(_FONT, size=6)
    page.set_fill_color(11, 87, 164)
    for hour, count in enumerate(day.hours):
        left, tall = _MARGIN + hour * step, count / most * _COLUMNS_TALL
        bottom = top + _COLUMNS_TALL
        if count:
            page.rect(left + 0.6, bottom - tall, step - 1.2, tall, style="F")
            page.text(left + 0.8, bottom - tall - 0.8, str(count))
        page.text(left + 1.6, bottom + 3, f"{hour:02d}")
    page.set_y(top + _COLUMNS_TALL + 6)


def _states(page: FPDF, day: Day) -> None:
    _heading(page, both("destinations"))
    most = max([sum(found.values()) for found in day.handoffs.values()] + [1])
    for name, found in day.handoffs.items():
        told = ", ".join(f"{both(state)} {found[state]}" for state in STATES if found.get(state))
        _line(page, f"{name}: {told}", 9)
        _strip(page, found, most)
    if not day.handoffs:
        _line(page, both("nothing"), 9)


def _strip(page: FPDF, found: Mapping[str, int], most: int) -> None:
    left, top = _MARGIN, page.get_y() + 0.5
    for state in STATES:
        wide = found.get(state, 0) / most * _WIDE
        page.set_fill_color(*_SHADES[state])
        if wide:
            page.rect(left, top, wide, 3.2, style="F")
        left += wide
    page.set_y(top + 5.5)


def _causes(page: FPDF, day: Day) -> None:
    _heading(page, both("causes"))
    for one in day.causes:
        _row(page, f"{one.destination} - {one.reason}", str(one.count))
    if not day.causes:
        _line(page, both("nothing"), 9)
    _heading(page, both("broken"))
    for name, count in day.broken.items():
        _row(page, name, str(count))
    if not day.broken:
        _line(page, both("nothing"), 9)


def _heading(page: FPDF, text: str) -> None:
    page.ln(3)
    _line(page, text, 11, "B")


def _row(page: FPDF, label: str, value: str) -> None:
    page.set_font(_FONT, size=9)
    page.cell(_WIDE - 30, 5, _printable(label)[:110])
    page.cell(30, 5, _printable(value), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _line(page: FPDF, text: str, size: int, style: str = "") -> None:
    page.set_font(_FONT, style=style, size=size)
    page.multi_cell(0, size * 0.5, _printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _printable(text: str) -> str:
    kept = "".join(character for character in text if character.isprintable())
    return kept.encode(_ENCODING, "replace").decode(_ENCODING)
