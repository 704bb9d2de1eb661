"""What speaks for a sender, and against: only what a person decided, and never that nobody looked in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from gateway.ledger import Ledger
from gateway.ledger.reporters import past_of
from gateway.ledger.set_aside import cancel_parked, release_parked
from gateway.ledger.tables import parked
from gateway.ledger.values import NewReport
from gateway.review import CLOCK
from gateway.screen.past import Past
from schemas.handoff import ParkStage
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import CHANNEL, LATER, NOW, SP4N, a_handoff, a_report, hashed

KEY = hashed("+6281200000001")


def told(name: str, verdict: str) -> NewReport:
    """A report of the sender, set aside unless it was accepted."""
    aside = None if verdict == "accept" else ParkStage.SCREEN
    new = a_report(name, *([] if aside else [SP4N]), parked=aside, at=NOW - timedelta(days=1))
    return replace(new, report=replace(new.report, verdict=verdict), reporter_keys=(KEY,))


async def past(ledger: Ledger) -> Past:
    return await ledger.read(past_of, KEY, CHANNEL, NOW)


@pytest.mark.parametrize(("actor", "genuine"), [("ani", 1), (CLOCK, 0)])
async def test_what_a_person_let_go_on_speaks_for_its_sender_and_what_time_let_go_on_does_not(
    ledger: Ledger, actor: str, genuine: int
) -> None:
    held = told("1", "hold")
    await keep(ledger, held)
    assert held.parked is not None
    assert await past(ledger) == Past()
    await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N, at=LATER)], actor, LATER)
    assert await past(ledger) == Past(genuine=genuine)


async def test_what_was_accepted_speaks_for_it_and_what_a_person_gave_up_against(ledger: Ledger) -> None:
    accepted, held, waiting = told("1", "accept"), told("2", "hold"), told("3", "ask")
    await keep(ledger, accepted, held, waiting)
    assert held.parked is not None
    await ledger.write(cancel_parked, [held.parked.id], "ani", "iseng", LATER)
    assert await past(ledger) == Past(genuine=1, junk=1)


async def test_what_its_reporter_took_back_says_nothing_of_them(ledger: Ledger) -> None:
    held = told("1", "hold")
    await keep(ledger, held)
    withdrawn = update(parked).where(parked.c.report_id == held.report.id).values(state="cancelled", closed_at=LATER)
    await ledger.write(lambda conn: conn.execute(withdrawn).rowcount)
    assert await past(ledger) == Past()
