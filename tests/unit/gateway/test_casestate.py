"""The state of a case moves forward by the destination's own order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from gateway.casestate import CaseState, Said, after_event
from schemas.status import EventKind

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def said(name: str | None, minutes: int = 0, number: int | None = None, kind: EventKind = EventKind.STATUS) -> Said:
    return Said(kind, NOW + timedelta(minutes=minutes), name, number)


def test_a_later_status_takes_the_place_of_an_earlier_one() -> None:
    state = after_event(after_event(CaseState(), said("Terverifikasi")), said("Dalam Proses", 5))

    assert (state.status_name, state.at, state.closed) == ("Dalam Proses", NOW + timedelta(minutes=5), False)


def test_a_late_status_does_not_move_it_back() -> None:
    before = after_event(CaseState(), said("Selesai", 5))

    assert after_event(before, said("Dalam Proses", 4)) == before


def test_the_destinations_own_numbers_count_for_more_than_its_clock() -> None:
    before = after_event(CaseState(), said("Dalam Proses", 5, number=7))

    assert after_event(before, said("Selesai", 1, number=8)).status_name == "Selesai"
    assert after_event(before, said("Selesai", 9, number=6)) == before


def test_numbered_events_lead_to_the_same_state_in_whatever_order_they_come() -> None:
    events = [said("Terverifikasi", 1, 1), said("Dalam Proses", 2, 2), said("Selesai", 3, 3), said(None, 2, 2)]
    ends = set()
    for order in permutations(events):
        state = CaseState()
        for event in order:
            state = after_event(state, event)
        ends.add(state)

    assert ends == {CaseState("Selesai", NOW + timedelta(minutes=3), 3, None, closed=True)}


def test_a_question_waits_for_the_reporter_until_the_next_status() -> None:
    asked = after_event(CaseState(), said("Menunggu Kelengkapan Informasi", 1, kind=EventKind.QUESTION))

    assert asked.asked_at == NOW + timedelta(minutes=1)
    assert after_event(asked, said("Dalam Proses", 2)).asked_at is None


def test_an_answer_of_the_agency_leaves_the_status_as_it_is() -> None:
    before = after_event(CaseState(), said("Dalam Proses"))

    assert after_event(before, said(None, 3, kind=EventKind.ANSWER)) == before


def test_a_reporter_who_says_that_it_is_not_solved_opens_a_closed_case() -> None:
    closed = after_event(CaseState(), said("Selesai"))

    assert closed.closed
    assert not after_event(closed, said(None, 60, kind=EventKind.REOPENED)).closed


def test_a_withdrawal_closes_it() -> None:
    assert after_event(CaseState(), said(None, kind=EventKind.WITHDRAWN)).closed
