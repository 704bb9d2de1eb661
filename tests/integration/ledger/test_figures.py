"""The figures as the database counts them, against a recount by hand, on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, insert

from gateway.figures import Dimension, FigureRow, Reached
from gateway.ledger import Ledger
from gateway.ledger.figures import count_figures
from gateway.ledger.tables import case_clocks, case_watch
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import a_report

EVE = datetime(2026, 3, 31, 16, 59, 59, 999_999, tzinfo=UTC)  # a microsecond later it is April in Jakarta
CLOCKS = {"verified": "verification", "followed_up": "first_followup", "resolved": "resolution"}


@dataclass(frozen=True)
class Case:
    """One report at one destination, as the test invented it."""

    named: dict[Dimension, str]
    accepted_at: datetime
    took: dict[str, timedelta]


async def invented(ledger: Ledger, count: int) -> list[Case]:
    chance = random.Random(11)
    made, rows, clocks = [], [], []
    for number in range(count):
        at = EVE + timedelta(microseconds=chance.choice((0, 1, -86_400 * 10**6, 86_400 * 10**6)))
        category, region = chance.choice((None, 1389, 7)), chance.choice((None, "32.73", "51"))
        channel, names = chance.choice(("wa", "sms")), chance.choice((("sp4n",), ("sp4n", "kemenkes")))
        report = a_report(f"m{number}", *names, at=at, channel=channel)
        report = replace(report, report=replace(report.report, category_id=category, region_code=region))
        await keep(ledger, report)
        for handoff in report.handoffs:
            took = {state: timedelta(microseconds=chance.randrange(5) * 7 + 1) for state in ("delivered", *CLOCKS)}
            took = {state: length for state, length in took.items() if chance.random() < 0.7}
            named = {
                Dimension.DESTINATION: handoff.destination,
                Dimension.CHANNEL: channel,
                Dimension.CATEGORY: str(category or "-"),
                Dimension.REGION: (region or "-")[:2],
                Dimension.PERIOD: "2026-04" if at > EVE else "2026-03",
            }
            made.append(Case(named, at, took))
            row = {"handoff_id": handoff.id, "report_id": report.report.id, "destination": handoff.destination}
            rows.append(_watch(row, at + took["delivered"] if "delivered" in took else None, at))
            clocks += [_clock(row, kind, at, at + took[state]) for state, kind in CLOCKS.items() if state in took]
            clocks.append(_clock(row, "reporter_answer", at, at))
    await ledger.write(_written, rows, clocks)
    return made


def _watch(row: dict[str, Any], delivered_at: datetime | None, at: datetime) -> dict[str, Any]:
    plain = {"changed_at": at, "closed": False, "polls": 0, "failures": 0, "place": {}}
    return row | {"delivered_at": delivered_at} | plain


def _clock(row: dict[str, Any], kind: str, at: datetime, met_at: datetime) -> dict[str, Any]:
    plain = {"days": 3, "started_at": at, "deadline_at": at, "state": "met", "paused": False, "shares": {}}
    return row | {"kind": kind, "met_at": met_at, "read_at": at} | plain


def _written(conn: Connection, watches: list[dict[str, Any]], clocks: list[dict[str, Any]]) -> None:
    conn.execute(insert(case_watch), watches)
    conn.execute(insert(case_clocks), clocks)


def recounted(cases: Sequence[Case], by: Sequence[Dimension]) -> list[FigureRow]:
    groups: dict[tuple[str, ...], list[Case]] = defaultdict(list)
    for one in cases:
        groups[tuple(one.named[dimension] for dimension in by)].append(one)
    return [
        FigureRow(group, len(some), **{state: _reached(some, state) for state in ("delivered", *CLOCKS)})
        for group, some in sorted(groups.items())
    ]


def _reached(cases: Sequence[Case], state: str) -> Reached:
    times = sorted(one.took[state] for one in cases if state in one.took)
    if not times:
        return Reached(0, None, None)
    ranks = [
        min(t for t in times if 10 * sum(other <= t for other in times) >= tenths * len(times)) for tenths in (5, 9)
    ]
    return Reached(len(times), *ranks)


async def test_every_way_of_telling_cases_apart_is_counted_as_by_hand(ledger: Ledger) -> None:
    cases = await invented(ledger, 40)
    ways = [(), *((one,) for one in Dimension), *combinations(Dimension, 2), tuple(Dimension)]
    wrong = [by for by in ways if await ledger.read(count_figures, by) != recounted(cases, by)]
    assert wrong == []


async def test_only_what_is_asked_for_is_counted(ledger: Ledger) -> None:
    cases = await invented(ledger, 20)
    by, later = (Dimension.DESTINATION,), EVE + timedelta(microseconds=1)
    some = [one for one in cases if one.accepted_at >= later and one.named[Dimension.CHANNEL] == "sms"]
    assert await ledger.read(count_figures, by, later, None, "sms") == recounted(some, by)
    before = [one for one in cases if one.accepted_at < later]
    assert await ledger.read(count_figures, by, None, later) == recounted(before, by)


async def test_without_cases_there_are_no_figures(ledger: Ledger) -> None:
    assert await ledger.read(count_figures, (Dimension.CHANNEL,)) == []
    assert await ledger.read(count_figures) == []
