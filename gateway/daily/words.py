"""The words of the report of a day, in Indonesian and English, and its charts in either."""

from __future__ import annotations

from datetime import date

from gateway.daily.charts import LETTER, Layout, Part, bars, blank, columns
from gateway.daily.day import HOURS, Day
from gateway.daily.drawing import Picture

_MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
WORDS: dict[str, tuple[str, str]] = {
    "title": ("Laporan harian", "Daily report"),
    "received": ("Laporan masuk", "Reports received"),
    "usual": ("Rata-rata tujuh hari sebelumnya", "Average of the seven days before"),
    "accept": ("Diterima sebagai laporan", "Accepted as reports"),
    "aside": ("Ditanyakan, ditahan, atau kembar", "Asked about, held or duplicate"),
    "delivered": ("Sampai di tujuan", "Delivered"),
    "pending": ("Masih dikirim", "Still owed"),
    "uncertain": ("Belum pasti", "Uncertain"),
    "parked": ("Disisihkan", "Parked"),
    "cancelled": ("Dibatalkan", "Cancelled"),
    "hours": ("Laporan masuk menurut jam (WIB)", "Reports by hour (WIB)"),
    "destinations": ("Kiriman menurut tujuan", "Handoffs by destination"),
    "channels": ("Laporan menurut kanal", "Reports by channel"),
    "causes": ("Sebab terbanyak yang disisihkan", "Most frequent causes of what is parked"),
    "broken": ("Tenggat yang terlewati hari itu", "Deadlines that ran out that day"),
    "nothing": ("Tidak ada", "None"),
    "made": ("Dibuat", "Made"),
    "so_far": ("sampai saat ini; hari belum selesai", "so far; the day is not over"),
    "share": ("bagian yang sampai", "share delivered"),
    "ask": ("ditanyakan", "asked"),
    "hold": ("ditahan", "held"),
    "duplicate": ("kembar", "duplicate"),
    "accepted": ("diterima", "accepted"),
}
_COLOURS = {
    "delivered": "#0f6a3c",
    "pending": "#0b57a4",
    "uncertain": "#6b3fa0",
    "parked": "#ae1f1f",
    "cancelled": "#5b6675",
}
_VERDICTS = {"accept": "#0f6a3c", "ask": "#865200", "hold": "#6b3fa0", "duplicate": "#5b6675"}


def said(key: str, language: str) -> str:
    """A text in a language."""
    return WORDS[key][0 if language == "id" else 1]


def both(key: str) -> str:
    """A text in Indonesian with its English."""
    return " / ".join(WORDS[key])


def long_date(day: date, language: str) -> str:
    """`Senin, 2 Maret 2026`."""
    return f"{_DAYS[language][day.weekday()]}, {day.day} {_MONTHS[language][day.month - 1]} {day.year}"


CHARTS = ("hours", "destinations", "channels")


def chart(name: str, day: Day, language: str, layout: Layout = LETTER) -> Picture:
    """One of the charts of a day. Raises KeyError for a name that is none."""
    title = f"{said(name, language)}, {long_date(day.date, language)}"
    if not {"hours": day.received, "destinations": day.every_handoff, "channels": day.reports}[name]:
        return blank(title, said("nothing", language), layout)
    if name == "hours":
        return columns(title, day.hours, [f"{hour:02d}" for hour in range(HOURS)], layout)
    if name == "destinations":
        states = [Part(key, said(key, language), colour) for key, colour in _COLOURS.items()]
        return bars(title, day.handoffs, states, layout)
    words = {"accept": "accepted"}
    parts = [Part(key, said(words.get(key, key), language), colour) for key, colour in _VERDICTS.items()]
    return bars(title, day.reports, parts, layout)
