"""What an entry of `destinations:` says of the gateway's conduct: breaker, hours, deadline, doubt, drift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timezone
from typing import Literal, cast

from gateway.breaker import BreakerPolicy
from gateway.conduct import Conduct, Deadline, Doubt, Drift
from gateway.config.fields import Section
from gateway.config.yaml_lines import Entry, did_you_mean
from gateway.hours import ZONES, Once, Opening, Weekly

CONDUCT_FIELDS = ("breaker", "hours", "maintenance", "urgent_always", "deadline", "uncertain", "drift")

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = {name: number for number, name in enumerate(_DAYS)} | {
    name: number for number, name in enumerate(("sen", "sel", "rab", "kam", "jum", "sab", "min"))
}
_THEN = ("wait", "resend", "park")
_MOMENT = "%Y-%m-%d %H:%M"


def read_conduct(fields: Section) -> Conduct:
    """How the gateway is to conduct itself towards this destination. Every problem is noted."""
    return Conduct(_breaker(fields), _opening(fields), _deadline(fields), _doubt(fields), _drift(fields))


def _breaker(fields: Section) -> BreakerPolicy:
    usual = BreakerPolicy()
    breaker = fields.section("breaker", ("rate", "samples", "window", "row", "pause", "longest", "probes"))
    policy = BreakerPolicy(
        rate=breaker.number("rate", usual.rate, least=0.01, most=1.0),
        samples=breaker.count("samples", usual.samples, most=10_000),
        window=breaker.duration("window", usual.window),
        row=breaker.count("row", usual.row, most=10_000),
        pause=breaker.duration("pause", usual.pause),
        longest=breaker.duration("longest", usual.longest),
        probes=breaker.count("probes", usual.probes, most=100),
    )
    if policy.longest < policy.pause:
        breaker.add("longest", "is shorter than `pause`; write the same or more")
    return policy


def _opening(fields: Section) -> Opening:
    hours = [_weekly(fields, entry) for entry in _each(fields, "hours")]
    maintenance = [_span(fields, entry) for entry in _each(fields, "maintenance")]
    return Opening(
        tuple(span for span in hours if span is not None),
        tuple(span for span in maintenance if span is not None),
        bool(fields.flag("urgent_always")),
    )


def _each(fields: Section, name: str) -> tuple[Entry, ...]:
    """The entries of a list; a mapping alone is a list of one."""
    entry = fields.entry(name)
    if entry is None:
        return ()
    return entry.value if isinstance(entry.value, tuple) else (entry,)


def _span(fields: Section, entry: Entry) -> Weekly | Once | None:
    is_weekly = isinstance(entry.value, Mapping) and "days" in entry.value
    return _weekly(fields, entry) if is_weekly else _once(fields, entry)


def _weekly(fields: Section, entry: Entry) -> Weekly | None:
    one = Section(entry, ("days", "from", "to", "zone"), fields.problems)
    days, zone = _days(one), _zone(one)
    start, end = _time(one, "from"), _time(one, "to")
    return None if start is None or end is None else Weekly(days, start, end, zone)


def _once(fields: Section, entry: Entry) -> Once | None:
    one = Section(entry, ("from", "to", "zone"), fields.problems)
    zone = _zone(one)
    start, end = _moment(one, "from", zone), _moment(one, "to", zone)
    if start is None or end is None:
        return None
    if end <= start:
        one.add("to", "is not after `from`")
    return Once(start, end)


def _days(one: Section) -> frozenset[int]:
    """`mon-fri`, `sat, sun`, `senin-jumat`; without it every day."""
    items = one.items("days")
    found: set[int] = set()
    for part in (word for entry in items for word in re.split(r"[,\s]+", entry.text or "") if word):
        ends = [_DAY.get(word.lower()[:3]) for word in part.split("-")]
        if len(ends) > 2 or None in ends:
            one.add("days", f"`{part}` is no day; write {', '.join(_DAYS)}, or a span such as mon-fri")
            continue
        first, last = cast(int, ends[0]), cast(int, ends[-1])
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return frozenset(found) or frozenset(range(7))


def _zone(one: Section) -> timezone:
    name = one.text("zone") or "WIB"
    if name not in ZONES:
        one.add("zone", f"`{name}` is no zone that is known here; {did_you_mean(name, ZONES)}")
    return ZONES.get(name, ZONES["WIB"])


def _time(one: Section, name: str) -> time | None:
    text = one.needed(name, 'write a time of day in quotes, such as "07:00"')
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 0)
    if (hour, minute) == (24, 0):
        return time(0, 0)
    if hour > 23 or minute > 59:
        one.add(name, 'must be a time of day in quotes, such as "07:00"')
        return None
    return time(hour, minute)


def _moment(one: Section, name: str, zone: timezone) -> datetime | None:
    text = one.needed(name, 'write day and time in quotes, such as "2026-12-24 18:00"')
    if text is None:
        return None
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=zone)
    except ValueError:
        one.add(name, 'must be a day and a time in quotes, such as "2026-12-24 18:00"')
        return None


def _deadline(fields: Section) -> Deadline | None:
    if fields.entry("deadline") is None:
        return None
    section = fields.section("deadline", ("after", "alarm"))
    if section.entry("after") is None:
        section.add("after", "is missing; write how long after acceptance, such as 72h")
    seconds, alarms = section.duration("after", 72 * 3600.0), section.durations("alarm", ())
    if any(alarm >= seconds for alarm in alarms):
        section.add("alarm", "is not before the deadline; an alarm is the age at which it is told")
    return Deadline(seconds, tuple(sorted(alarms)))


def _doubt(fields: Section) -> Doubt:
    usual = Doubt()
    section = fields.section("uncertain", ("after", "then"))
    then = _one_of(section, "then", _THEN, usual.then)
    return Doubt(section.duration("after", usual.seconds), cast(Literal["wait", "resend", "park"], then))


def _drift(fields: Section) -> Drift:
    usual = Drift()
    section = fields.section("drift", ("samples", "replies", "hold"))
    hold = section.flag("hold")
    return Drift(
        section.count("samples", usual.samples, most=10_000),
        section.count("replies", usual.replies, most=1_000),
        usual.hold if hold is None else hold,
    )


def _one_of(section: Section, name: str, words: Iterable[str], usual: str) -> str:
    text = section.text(name)
    if text is None or text in words:
        return text or usual
    section.add(name, f"`{text}` cannot stand here; {did_you_mean(text, words)}")
    return usual
