"""What an entry says about breaker, hours, maintenance, deadline, doubt and drift."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from gateway.breaker import BreakerPolicy
from gateway.conduct import Conduct, Deadline, Doubt, Drift
from gateway.hours import ZONES, Once, Opening, Weekly
from tests.fakes.configs import parse, problems, with_plain

WIB, WIT = ZONES["WIB"], ZONES["WIT"]


def conduct(fields: str) -> Conduct:
    return parse(with_plain("url: https://x.example\n" + fields)).destinations["x"].conduct


def test_everything_has_a_default() -> None:
    assert conduct("") == Conduct()


def test_the_breaker_is_read() -> None:
    read = conduct("breaker: {rate: 0.3, samples: 50, window: 2m, row: 4, pause: 10s, longest: 1m, probes: 1}")
    assert read.breaker == BreakerPolicy(0.3, 50, 120.0, 4, 10.0, 60.0, 1)


def test_hours_are_read_alone_or_in_a_list() -> None:
    office = Weekly(frozenset(range(5)), time(7), time(20), WIB)
    saturday = Weekly(frozenset({5}), time(8), time(12), WIT)
    alone = 'hours: {days: mon-fri, from: "07:00", to: "20:00", zone: Asia/Jakarta}\nurgent_always: true'
    listed = (
        'hours:\n  - {days: senin-jumat, from: "7:00", to: "20.00"}\n'
        '  - {days: sat, from: "08:00", to: "12:00", zone: WIT}'
    )
    assert conduct(alone).opening == Opening((office,), urgent_always=True)
    assert conduct(listed).opening == Opening((office, saturday))


@pytest.mark.parametrize(
    ("days", "numbers"),
    [("fri-mon", {4, 5, 6, 0}), ("sat, sun", {5, 6}), ("[mon, wed-thu]", {0, 2, 3}), ("minggu", {6})],
)
def test_days_are_names_and_spans(days: str, numbers: set[int]) -> None:
    text = days if days.startswith("[") else f'"{days}"'
    [span] = conduct(f'hours: {{days: {text}, from: "07:00", to: "24:00"}}').opening.hours
    assert (span.days, span.end) == (numbers, time(0))


def test_maintenance_is_once_or_every_week() -> None:
    read = conduct(
        'maintenance:\n  - {from: "2026-12-24 18:00", to: "2026-12-26 06:00"}\n'
        '  - {days: sun, from: "23:00", to: "02:00", zone: WIB}'
    )
    christmas = Once(datetime(2026, 12, 24, 18, tzinfo=WIB), datetime(2026, 12, 26, 6, tzinfo=WIB))
    assert read.opening.maintenance == (christmas, Weekly(frozenset({6}), time(23), time(2), WIB))


def test_deadline_doubt_and_drift_are_read() -> None:
    read = conduct(
        "deadline: {after: 72h, alarm: [48h, 24h]}\nuncertain: {after: 12h, then: resend}\n"
        "drift: {samples: 5, replies: 1, hold: false}"
    )
    hour = timedelta(hours=1).total_seconds()
    assert read.deadline == Deadline(72 * hour, (24 * hour, 48 * hour))
    assert read.doubt == Doubt(12 * hour, "resend")
    assert read.drift == Drift(5, 1, hold=False)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("breaker: {pause: 10m, longest: 1m}", "breaker.longest: is shorter than `pause`"),
        ("breaker: {rate: 2}", "breaker.rate: must be a number from 0.01 to 1"),
        ('hours: {days: funday, from: "07:00", to: "20:00"}', "`funday` is no day"),
        ('hours: {from: "7", to: "20:00"}', "hours.from: must be a time of day"),
        ('hours: {from: "07:00"}', "hours.to: is missing"),
        ('hours: {from: "07:00", to: "25:00"}', "hours.to: must be a time of day"),
        ('hours: {from: "07:00", to: "20:00", zone: CET}', "`CET` is no zone"),
        ('maintenance: [{from: "2026-12-24", to: "2026-12-26 06:00"}]', "must be a day and a time"),
        ('maintenance: [{to: "2026-12-26 06:00"}]', "from: is missing"),
        ('maintenance: [{from: "2026-12-26 06:00", to: "2026-12-24 06:00"}]', "is not after `from`"),
        ("deadline: {alarm: [1h]}", "deadline.after: is missing"),
        ("deadline: {after: 1h, alarm: [2h]}", "is not before the deadline"),
        ("uncertain: {then: resent}", "did you mean `resend`?"),
        ("drift: {hold: maybe}", "drift.hold: must be true or false"),
    ],
)
def test_a_mistake_is_told_with_its_place(fields: str, told: str) -> None:
    assert any(told in problem for problem in problems(with_plain("url: https://x.example\n" + fields)))
