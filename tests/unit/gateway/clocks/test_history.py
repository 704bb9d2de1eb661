"""From what is recorded of a case to the facts of its clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.clocks import Asking, Facts, History, Outage, Party, Spell, Told, facts_of
from gateway.quiet import WIB
from schemas.status import EventKind, EventSource
from schemas.vocabulary import CaseStatus, Classification

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
POLL, REPORTER = EventSource.POLL, EventSource.REPORTER


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def status(hours: int, name: CaseStatus) -> Told:
    kind = EventKind.QUESTION if name is CaseStatus.WAITING_FOR_REPORTER else EventKind.STATUS
    return Told(kind, at(hours), POLL, name)


def facts(*told: Told, **more: object) -> Facts:
    values = {"accepted_at": START, "classification": Classification.UNKNOWN, "zone": WIB, "told": told}
    return facts_of(History(**(values | more)))  # type: ignore[arg-type]


ASKED = status(5, CaseStatus.WAITING_FOR_REPORTER)


def spells(party: Party, found: Facts) -> list[tuple[datetime, datetime | None]]:
    return [(spell.start, spell.end) for spell in found.spells if spell.party is party]


def test_a_case_of_which_nothing_was_said_has_not_been_looked_at() -> None:
    found = facts(status(1, CaseStatus.UNVERIFIED), Told(EventKind.LOG, at(2), POLL))

    assert (found.verified_at, found.followed_up_at, found.resolved_at) == (None, None, None)


@pytest.mark.parametrize("name", [CaseStatus.VERIFIED, CaseStatus.UNKNOWN])
def test_any_other_status_shows_that_somebody_looked(name: CaseStatus) -> None:
    found = facts(status(3, name))

    assert (found.verified_at, found.followed_up_at) == (at(3), None)


@pytest.mark.parametrize("kind", [EventKind.ANSWER, EventKind.QUESTION, EventKind.NOT_OURS])
def test_words_of_the_agency_show_that_it_acted(kind: EventKind) -> None:
    found = facts(Told(kind, at(4), POLL))

    assert (found.verified_at, found.followed_up_at) == (at(4), at(4))


def test_what_the_reporter_says_shows_nothing_of_the_agency() -> None:
    assert facts(Told(EventKind.RATED, at(4), REPORTER)).verified_at is None


def test_the_first_closing_counts_until_somebody_opens_the_case_again() -> None:
    closed = (status(9, CaseStatus.DONE), status(11, CaseStatus.CLOSED_BY_SYSTEM))

    assert facts(*closed).resolved_at == at(9)
    assert facts(*closed, status(12, CaseStatus.IN_PROCESS)).resolved_at is None
    reopened = facts(*closed, Told(EventKind.REOPENED, at(13), REPORTER))
    assert (reopened.resolved_at, reopened.reopened_at) == (None, at(13))


def test_a_question_waits_until_the_reporter_writes_or_the_agency_goes_on() -> None:
    open_still = facts(ASKED)
    answered = facts(ASKED, status(30, CaseStatus.IN_PROCESS), heard=(at(1), at(20)))
    moved_on = facts(ASKED, status(30, CaseStatus.IN_PROCESS))

    assert [spells(Party.REPORTER, one) for one in (open_still, answered, moved_on)] == [
        [(at(5), None)],
        [(at(5), at(20))],
        [(at(5), at(30))],
    ]
    assert (open_still.answered_at, answered.answered_at, moved_on.answered_at) == (None, at(20), at(30))


def test_until_the_channel_took_the_question_the_time_is_the_channels() -> None:
    late = facts(ASKED, askings=(Asking(at(5), at(8)),), heard=(at(20),))
    never = facts(ASKED, askings=(Asking(at(5), None),), heard=(at(20),))

    assert spells(Party.CHANNEL, late) == [(at(5), at(8))]
    assert spells(Party.CHANNEL, never) == [(at(5), at(20))]
    assert late.spells[0] == Spell(Party.CHANNEL, at(5), at(8), pauses=True)


def test_an_outage_is_the_destinations_and_the_rest_before_the_receipt_is_ours() -> None:
    found = facts(delivered_at=at(9), outages=(Outage(at(2), at(6)),), ended_at=at(40))

    assert found.spells == (
        Spell(Party.MINISTRY, at(2), at(6), pauses=True),
        Spell(Party.GATEWAY, START, at(9)),
    )
    assert found.ended_at == at(40)
