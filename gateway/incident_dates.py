"""The day that a text says something happened on, in Indonesian with its slang, Javanese and Sundanese.

Only a day that is surely meant counts: one, in the past, and not the day of a birth, a deadline or a street's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo

from gateway.wording import fold, words

_MONTHS = (
    "jan(?:uari)?",
    "feb(?:ruari)?|peb(?:ruari)?",
    "mar(?:et)?|mrt",
    "apr(?:il)?",
    "mei",
    "jun(?:i)?",
    "jul(?:i)?",
    "agustus|agt|agst?|ags|agu",
    "sep(?:t(?:ember)?)?",
    "okt(?:ober)?",
    "nov(?:ember)?|nop(?:ember)?",
    "des(?:ember)?",
)
_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat|jum'at|jum at", "sabtu", "(?<=hari )minggu|ahad")
_NUMBERS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_COUNTS = {word: number for number, word in enumerate(_NUMBERS)}

_AGO = r"(?:yang |yg )?(?:lalu|lewat|kemarin|kmrn|kmarin|kemaren|silam|kepungkur|kapungkur)"
_YESTERDAY = r"kemarin|kmrn|kmarin|kemaren|kamari|kamarina|wingi"
_DAYTIME = r"(?:pagi|siang|sore|malam|malem|subuh|petang)"
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, start=1))
_DAY = "|".join(f"(?P<w{number}>{names})" for number, names in enumerate(_DAYS))  # `minggu` alone is a week
_SPELT = rf"(?P<day>[0-3]?\d)(?: |-|\.|/)?(?: ?)(?:{_MONTH})\b\.?(?:[ ,\-/]{{1,2}}(?P<year>20\d\d|\d\d(?![\d.:])))?"
_NUMERIC = r"(?P<day>[0-3]?\d)(?P<sign>[/\-.])(?P<month>[01]?\d)(?P=sign)(?P<year>20\d\d|(?<!\.)\d\d)(?![\d/\-.:]?\d)"
_ISO = r"(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)"

_OF_MONTH = r"\b(?:tanggal|tgl)\.? (?P<day>[0-3]?\d)"
_RANGE = r" ?(?:sampai|sampe|s/d|sd|hingga|-|dan|&) ?[\d#]| ?bulan"
_SPAN = r"(?:minggu|bulan|tahun|thn|bln)"
_NOW = "hari ini|barusan|baru saja|baru aja|dinten ayeuna|dina iki"

_READ = 1_600
_EVENING = 18
_OLDEST = timedelta(days=5 * 366)
_COMING = timedelta(days=60)
"""A day and month without a year that come again so soon may be the next ones."""
_LOOK_BACK = 40
_NOT_THEN = re.compile(
    r"(?:\b(?:lahir|ttl|kelahiran|jatuh tempo|batas|deadline|berlaku|sampai|sampe|hingga|s/d|sd|nanti|besok|setiap|tiap"
    r"|paling lambat|rencana|jadwal|janji|jalan|jl|jln|jl\.|lapangan|gang|rt|rw|no|nomor|pasal|uu)\b[\W_]*"
    r"(?:(?:tanggal|tgl|hari|pada|di|raya|nya|saya|akhir|awal|waktu)\b[\W_]*){0,3})\Z"
)
_MENTION = re.compile(r"\b(?:nanti|besok|akan datang|mendatang|depan)\b")
_LOOK_AHEAD = 16


def incident_date(text: str, now: datetime, zone: tzinfo, spoken: Iterable[str] | None = None) -> date | None:
    """The one day that the text says, seen from `now` (aware) in the zone of its writer; None for none or several.

    `spoken` are its words (`gateway.wording.words`), where it was cut before.
    """
    folded = fold(text[:_READ])
    today = now.astimezone(zone)
    distinct = set(words(folded) if spoken is None else spoken)
    days = {day for day in _days(folded, distinct, today) if day is not None}
    if len(days) != 1:
        return None
    (day,) = days
    return day if today.date() - _OLDEST <= day <= today.date() else None


def _days(text: str, spoken: set[str], today: datetime) -> Iterator[date | None]:
    """Each day that is said, from left to right in each form; what one form took no later one reads."""
    numbers = [match.start() for match in _NUMBER.finditer(text)]
    for starts, pattern, meaning in _FORMS:
        parts: list[str] = []
        kept = 0
        begins = {at for word in starts & spoken for at in _all(word, text)}
        if _ANY_NUMBER in starts:
            begins.update(numbers)
        for at in sorted(begins):
            match = pattern.match(text, at) if at >= kept else None
            if match is None:
                continue
            parts += (text[kept:at], "#" * (match.end() - at))
            kept = match.end()
            if _counts(text, match):
                yield meaning(match, today)
        text = "".join((*parts, text[kept:])) if parts else text


def _all(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _counts(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - _LOOK_BACK, 0) : match.start()]
    return not _NOT_THEN.search(before) and not _MENTION.search(text[match.end() : match.end() + _LOOK_AHEAD])


def _absolute(match: re.Match[str], today: datetime) -> date | None:
    given = match.groupdict()
    month = int(given["month"]) if given.get("month") else _numbered(given, "m")
    year = given.get("year")
    if year is None:
        return _without_year(int(given["day"]), month, today.date())
    return _made(int(year) if len(year) == 4 else 2000 + int(year), month, int(given["day"]))


def _without_year(day: int, month: int, today: date) -> date | None:
    """The last such day; None where the next one is near."""
    this = _made(today.year, month, day)
    if this is not None and this <= today:
        return this
    return None if this is None or this - today <= _COMING else _made(today.year - 1, month, day)


def _day_of_month(match: re.Match[str], today: datetime) -> date | None:
    """`tanggal 17`: of this month, or of the last where this month's is still to come."""
    this, day = today.date(), int(match["day"])
    last = this.replace(day=1) - timedelta(days=1)
    return _made(this.year, this.month, day) if day <= this.day else _made(last.year, last.month, day)


def _weekday(match: re.Match[str], today: datetime) -> date:
    """`Senin lalu`: the last one before today; `Senin minggu lalu`: the one of the week before this."""
    wanted, this = _numbered(match.groupdict(), "w"), today.date()
    if match["week"]:
        return this - timedelta(days=this.weekday() + 7 - wanted)
    return this - timedelta(days=(this.weekday() - wanted - 1) % 7 + 1)


def _ago(match: re.Match[str], today: datetime) -> date:
    count = match["count"]
    return today.date() - timedelta(days=_COUNTS[count] if count in _COUNTS else int(count))


def _last_night(_match: re.Match[str], today: datetime) -> date | None:
    """`Semalam`: the night before; said in the evening it may be this one."""
    return None if today.hour >= _EVENING else today.date() - timedelta(days=1)


def _earlier(match: re.Match[str], today: datetime) -> date | None:
    """`Tadi malam` is `semalam`; any other time of day was today."""
    return _last_night(match, today) if match["night"] else today.date()


def _before(days: int) -> Callable[[re.Match[str], datetime], date]:
    return lambda _match, today: today.date() - timedelta(days=days)


def _numbered(given: dict[str, str | None], letter: str) -> int:
    """The number in the name of the group that matched."""
    return next(int(name[1:]) for name, value in given.items() if value and re.fullmatch(rf"{letter}\d+", name))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_ANY_NUMBER = "0"
_NUMBER = re.compile("[0-9]{1,4}(?![0-9])")
_NUMERIC_DAY = frozenset({_ANY_NUMBER})
_DATES = frozenset({"tanggal", "tgl"})
_WEEKDAYS = frozenset({"senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "ahad"})
_YESTERDAYS = frozenset(_YESTERDAY.split("|"))
_SPANS = frozenset({"minggu", "bulan", "tahun", "thn", "bln"})

_FORMS: tuple[tuple[frozenset[str], re.Pattern[str], Callable[[re.Match[str], datetime], date | None]], ...] = (
    (_NUMERIC_DAY, re.compile(rf"(?<![\d/.\-]){_ISO}"), _absolute),
    (_NUMERIC_DAY, re.compile(rf"(?<![\d/.\-]){_NUMERIC}"), _absolute),
    (_NUMERIC_DAY, re.compile(rf"(?<![\d/.\-]){_SPELT}"), _absolute),
    (_DATES, re.compile(rf"{_OF_MONTH}/(?P<month>[01]?\d)(?![\d/\-.]?\d)"), _absolute),
    (_DATES, re.compile(rf"{_OF_MONTH}(?![\d/\-.:]?\d)(?!{_RANGE})"), _day_of_month),
    (_WEEKDAYS, re.compile(rf"\b(?:{_DAY})(?: {_DAYTIME})? (?:(?P<week>minggu {_AGO})|{_AGO}\b)"), _weekday),
    (
        _NUMERIC_DAY.union(_NUMBERS[1:]),
        re.compile(rf"\b(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS[1:])}) (?:hari|hr|dina|dinten) {_AGO}\b"),
        _ago,
    ),
    (_YESTERDAYS, re.compile(rf"\b(?:{_YESTERDAY}) (?:lusa|dulu)\b"), _before(2)),
    (
        _YESTERDAYS | _SPANS,
        re.compile(rf"\b(?:{_YESTERDAY}) ini\b|\b{_SPAN} (?:{_YESTERDAY})"),
        lambda _match, _today: None,
    ),
    (_YESTERDAYS, re.compile(rf"\b(?:{_YESTERDAY})\b"), _before(1)),
    (
        frozenset({"semalam", "semalem", "tadi", "mau", "peuting"}),
        re.compile(r"\b(?:semalam|semalem|tadi bengi|mau bengi|peuting tadi|tadi peuting)\b"),
        _last_night,
    ),
    (frozenset({"tadi"}), re.compile(r"\btadi (?:(?P<night>malam|malem)|pagi|siang|sore|subuh|petang)\b"), _earlier),
    (frozenset({"hari", "barusan", "baru", "dinten", "dina"}), re.compile(rf"\b(?:{_NOW})\b"), _before(0)),
)
"""The words that a form may begin with (`0`: any number), the form, and the day that it means."""
