"""A month of reports: every timeline, clock, notice and figure against a recount from the simulators' own books.

Some reports go to two agencies, some are passed on; agencies ask, answer late or not at all, and one is down for a day.
Short form: 60 reports. SP4N_TEST_LONG=1: 5,000.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from gateway.clocks import ClockKind, ClockState, Party, Spell
from gateway.figures import Dimension, Reached
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.case_values import ClockRow
from gateway.ledger.figures import count_figures
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from gateway.quiet import WIB, WIT, WITA
from gateway.storyline import kept_key, timeline_of
from schemas.status import EventKind
from schemas.vocabulary import Classification
from tests.integration.month import Followed, Month, Told, spoken
from tests.integration.month_notices import notice_faults, questions
from tests.integration.month_parts import WAITING
from tests.unit.gateway.clocks import naive

REPORTS = 5000 if os.environ.get("SP4N_TEST_LONG") == "1" else 60
ZONES = {"32.73": WIB, "51.71": WITA, "91.71": WIT}
DAYS = {
    Classification.INFORMATION: 5,
    Classification.WITHOUT_SUPERVISION: 14,
    Classification.WITH_SUPERVISION: 60,
}
ENDS = ("Selesai", "Ditutup oleh Sistem", "Ditolak")
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.timeout(7200)
async def test_a_month_is_told_timed_and_counted_as_the_simulators_books_have_it(tmp_path: Path) -> None:
    ledger = await Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    await ledger.migrate()
    month = Month(ledger, tmp_path / "files", REPORTS)
    await month.run()

    month.asked_in = await ledger.read(questions)
    wrong = [fault for case in month.cases.values() for fault in await _faults(month, case)]
    counted = await ledger.read(count_figures, (Dimension.DESTINATION,))
    books = await ledger.read(balance)
    await ledger.close()

    assert wrong == []
    assert [(row.group[0], row.cases, row.followed_up, row.resolved) for row in counted] == _recounted(month)
    assert [row for row in books if row.difference] == []
    assert len({report for report, _ in month.cases}) == REPORTS


async def _faults(month: Month, case: Followed) -> list[str]:
    record = await month.ledger.read(show_report, case.report_id)
    assert record is not None
    story = timeline_of(record, kept_key(month.vault, record.key))
    told = spoken(month, case)
    said = [
        (entry.at, entry.status_name or entry.text)
        for entry in story.entries
        if entry.source
        and entry.destination == case.destination
        and entry.kind != "log"
        and entry.status_name != "Belum Terverifikasi"
    ]
    expected = [(one.at, one.status or (one.words or "").replace("<p>", "").replace("</p>", "")) for one in told]
    faults = [] if said == expected else [f"{case.tracking_code}: told {said}, by the books {expected}"]
    clocks = {clock.kind: clock for clock in record.clocks if clock.destination == case.destination}
    wanted = dict(_clocks(case, told, next(iter(clocks.values())).read_at))
    if clocks.keys() != wanted.keys():
        faults.append(f"{case.tracking_code}: clocks {sorted(clocks)}, by the books {sorted(wanted)}")
    for kind in clocks.keys() & wanted.keys():
        start, days, met = wanted[kind]
        spells = [*_unasked(month, record, case, _question(case, told)), *_spells(case, told)]
        faults += _clock_faults(case, spells, clocks[kind], start, days, met)
    return [*faults, *await notice_faults(month, record)]


def _clocks(
    case: Followed, told: list[Told], now: datetime
) -> Iterator[tuple[ClockKind, tuple[datetime, int, datetime | None]]]:
    """What each clock should begin and end with, told from the books."""
    verified = told[0].at if told else None
    acted = [one.at for one in told if one.words or one.status in (WAITING, "Dalam Proses", *ENDS)]
    ended = [one.at for one in told if one.status in ENDS]
    yield ClockKind.VERIFICATION, (case.accepted_at, 3, verified)
    if verified is not None:
        yield ClockKind.FIRST_FOLLOWUP, (verified, 5, acted[0] if acted else None)
        yield ClockKind.RESOLUTION, (verified, DAYS[case.classification], ended[0] if ended else None)
    question = _question(case, told)
    if question is not None:
        yield ClockKind.REPORTER_ANSWER, (question[0], 10, question[1])


def _question(case: Followed, told: list[Told]) -> tuple[datetime, datetime | None] | None:
    """When the reporter was asked, and when that was over: answered, or moved on."""
    asked = next((one.at for one in told if one.status == WAITING), None)
    if asked is None:
        return None
    over = [one.at for one in told if one.at > asked and one.status] + [at for at in case.heard if at > asked]
    return asked, min(over, default=None)


def _spells(case: Followed, told: list[Told]) -> list[Spell]:
    question = _question(case, told)
    spells = [Spell(Party.REPORTER, *question, pauses=True)] if question else []
    failed = case.tries[:-1] if case.delivered_at else case.tries
    for start, end in zip(failed, case.tries[1:], strict=False):
        spells.append(Spell(Party.MINISTRY, start, end, pauses=True))
    return [*spells, Spell(Party.GATEWAY, case.accepted_at, case.delivered_at)]


def _unasked(
    month: Month, record: ReportRecord, case: Followed, question: tuple[datetime, datetime | None] | None
) -> list[Spell]:
    """The time in which the question lay with the channel, by the channel's own book."""
    asked = [one for one in record.events if one.destination == case.destination and one.kind is EventKind.QUESTION]
    if question is None or not asked:
        return []
    given = [at for one in asked for notice, at in month.notices if notice == month.asked_in[one.id]]
    return [Spell(Party.CHANNEL, question[0], min([*given, *filter(None, [question[1]])], default=None), pauses=True)]


def _clock_faults(
    case: Followed, spells: list[Spell], clock: ClockRow, start: datetime, days: int, met: datetime | None
) -> list[str]:
    zone: tzinfo = ZONES[case.region]
    until = met or clock.read_at
    pausing = (
        spells
        if clock.kind is not ClockKind.REPORTER_ANSWER
        else [Spell(spell.party, spell.start, spell.end) for spell in spells]
    )
    deadline = naive.deadline(start, days, zone, pausing, until)
    shares = {party.value: length // MICROSECOND for party, length in naive.shares(start, until, zone, spells).items()}
    late = until > deadline
    states = (
        {ClockState.MET_LATE if late else ClockState.MET}
        if met
        else {ClockState.BROKEN}
        if late
        else {ClockState.RUNNING, ClockState.APPROACHING}
    )
    found = (clock.started_at, clock.deadline_at, clock.met_at, dict(clock.shares), clock.state in states)
    if found == (start, deadline, met, shares, True):
        return []
    return [f"{case.tracking_code} {clock.kind}: {found} {clock.state}, by the books {(start, deadline, met, shares)}"]


def _recounted(month: Month) -> list[tuple[object, ...]]:
    rows = []
    for destination in sorted({case.destination for case in month.cases.values()}):
        cases = [case for case in month.cases.values() if case.destination == destination]
        acted, ended = [], []
        for case in cases:
            clocks = dict(_clocks(case, spoken(month, case), month.clock.now()))
            for kind, times in ((ClockKind.FIRST_FOLLOWUP, acted), (ClockKind.RESOLUTION, ended)):
                at = clocks[kind][2] if kind in clocks else None
                if at is not None:
                    times.append(at - case.accepted_at)
        rows.append((destination, len(cases), _reached(acted), _reached(ended)))
    return rows


def _reached(times: list[timedelta]) -> Reached:
    in_order = sorted(times)
    half, nine_tenths = ((len(times) * tenths + 9) // 10 - 1 for tenths in (5, 9))
    return Reached(len(times), in_order[half], in_order[nine_tenths]) if times else Reached(0, None, None)
