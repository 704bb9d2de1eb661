"""What was decided in review is taken back as far as nothing of it was handed on; the books balance throughout."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.books import balance
from gateway.ledger.examples import keep_example, list_examples
from gateway.ledger.intake import add_messages, park_inbound
from gateway.ledger.links import link_parked
from gateway.ledger.not_ours import list_asked, note_refused
from gateway.ledger.reopening import TakenBack, take_back_review
from gateway.ledger.repairs import cancel_parked, erase_report, release_parked
from gateway.ledger.rerouting import ask_a_person, give_up
from gateway.ledger.set_aside import show_parked
from gateway.ledger.values import ExampleRow, LinkRow, NewReport, ParkedRow, WorkerRow
from gateway.ledger.views import list_parked, show_report
from schemas.handoff import HandoffState, LinkKind, ParkStage
from tests.integration.ledger.doing import begin, claim_all, end, handoffs, keep
from tests.integration.ledger.making import (
    LATER,
    NOW,
    SP4N,
    a_handoff,
    a_later_message,
    a_report,
    an_unreadable_part,
    new_id,
)

AGAIN = LATER + timedelta(minutes=2)


async def held(ledger: Ledger, name: str = "wamid.1") -> tuple[NewReport, ParkedRow]:
    """A report that screening held."""
    report = a_report(name, parked=ParkStage.SCREEN)
    await keep(ledger, report)
    assert report.parked is not None
    return report, report.parked


async def undone(ledger: Ledger, at: datetime = LATER, by: str = "ani") -> TakenBack:
    return await ledger.write(take_back_review, at, by, "budi", AGAIN)


async def differences(ledger: Ledger) -> list[int]:
    return [row.difference for row in await ledger.read(balance)]


async def test_what_was_given_up_waits_again(ledger: Ledger) -> None:
    _, aside = await held(ledger)
    before = await ledger.read(balance)
    await ledger.write(cancel_parked, [aside.id], "ani", "bukan laporan", LATER)
    assert await undone(ledger) == TakenBack(1, 0)
    assert (await ledger.read(list_parked), await ledger.read(balance)) == ([replace(aside, parked_at=AGAIN)], before)
    done = await ledger.read(list_actions, subject=str(aside.id))
    assert [(row.action, row.actor) for row in done] == [("cancel_parked.undo", "budi"), ("cancel_parked", "ani")]


async def test_a_message_that_was_given_up_waits_again(ledger: Ledger) -> None:
    part = an_unreadable_part("a")
    await ledger.group(park_inbound, part)
    await ledger.write(cancel_parked, [part.parked.id], "ani", "kosong", LATER)
    assert (await undone(ledger), await differences(ledger)) == (TakenBack(1, 0), [0])


@pytest.mark.parametrize("stage", [ParkStage.SCREEN, ParkStage.ROUTE])
async def test_what_went_on_and_has_not_begun_waits_as_before(ledger: Ledger, stage: ParkStage) -> None:
    report = a_report("wamid.1", parked=stage)
    aside = report.parked
    assert aside is not None
    decided = {"verdict": {"kind": "hold"}, "route": {"fired": []} if stage is ParkStage.ROUTE else None}
    await keep(ledger, replace(report, report=replace(report.report, decision=decided)))
    before = await ledger.read(balance)
    later = {**decided, "route": {"fired": ["air"]}}
    await ledger.write(release_parked, aside.id, [a_handoff(SP4N, at=LATER)], "ani", LATER, decision=later)
    assert await undone(ledger) == TakenBack(1, 0)
    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert (record.handoffs, record.report.decision, await ledger.read(balance)) == ((), decided, before)


async def test_it_goes_on_once_more_and_the_books_balance(ledger: Ledger) -> None:
    _, aside = await held(ledger)
    for at in (LATER, AGAIN):
        assert await ledger.write(release_parked, aside.id, [a_handoff(SP4N, at=at)], "ani", at)
        if at == LATER:
            await undone(ledger)
    assert [row.state for row in await handoffs(ledger)] == [HandoffState.PENDING]
    assert set(await differences(ledger)) == {0}


async def test_what_has_begun_stays(ledger: Ledger, worker: WorkerRow) -> None:
    (report, aside), (_, other) = await held(ledger), await held(ledger, "wamid.2")
    new = a_handoff(SP4N, at=LATER)
    await ledger.write(release_parked, aside.id, [new], "ani", LATER)
    await ledger.write(release_parked, other.id, [a_handoff(SP4N, at=LATER)], "ani", LATER)
    (claimed,) = await claim_all(ledger, worker, replace(report, handoffs=(new,)))
    assert await undone(ledger) == TakenBack(1, 1)
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.DELIVERED)
    assert await undone(ledger) == TakenBack(0, 2)
    assert [row.state for row in await handoffs(ledger)] == [HandoffState.DELIVERED]
    assert set(await differences(ledger)) == {0}


async def test_what_is_owed_a_later_message_besides_stays(ledger: Ledger) -> None:
    report, aside = await held(ledger)
    await ledger.write(release_parked, aside.id, [a_handoff(SP4N, at=LATER)], "ani", LATER)
    await ledger.group(add_messages, a_later_message("wamid.2", report.report.id))
    taken = await undone(ledger)
    assert (taken.count + taken.stays, set(await differences(ledger))) == (1, {0})


async def test_nothing_is_taken_back_twice_or_by_another_moment_or_name(ledger: Ledger) -> None:
    _, aside = await held(ledger)
    await ledger.write(cancel_parked, [aside.id], "ani", "bukan laporan", LATER)
    assert [await undone(ledger, LATER + timedelta(microseconds=1)), await undone(ledger, by="siti")] == [
        TakenBack(0, 0),
        TakenBack(0, 0),
    ]
    assert [await undone(ledger), await undone(ledger)] == [TakenBack(1, 0), TakenBack(0, 1)]


async def test_what_follows_another_report_is_unlinked_instead(ledger: Ledger) -> None:
    (report, aside), lead = await held(ledger), a_report("wamid.2", SP4N)
    await keep(ledger, lead)
    link = LinkRow(report.report.id, lead.report.id, LinkKind.SUPPORTER, LATER, "ani", due_at=LATER)
    await ledger.write(link_parked, link, aside, "sama")
    assert await undone(ledger) == TakenBack(0, 1)


async def test_what_was_erased_stays_erased(ledger: Ledger) -> None:
    report, aside = await held(ledger)
    await ledger.write(cancel_parked, [aside.id], "ani", "bukan laporan", LATER)
    await ledger.write(erase_report, report.report.id, "ani", LATER)
    assert await undone(ledger) == TakenBack(0, 1)
    shown = await ledger.read(show_parked, aside.id)
    assert shown is not None
    assert shown[0].state == "cancelled"


async def test_nothing_is_learned_from_what_was_taken_back(ledger: Ledger) -> None:
    report, aside = await held(ledger)
    kept = [
        ExampleRow(new_id(at), report.report.id, at, decided, b"sealed")
        for at, decided in ((NOW, "corrected"), (LATER, "rejected"))
    ]
    await ledger.write(keep_example, kept[0])
    await ledger.write(give_up, report.report.id, aside, "ani", "bukan laporan", LATER, kept[1])
    await undone(ledger)
    assert [one.row for one in await ledger.read(list_examples)] == kept[:1]


async def test_a_case_that_no_agency_takes_is_asked_about_again(ledger: Ledger) -> None:
    report, attempt = a_report("wamid.1", SP4N), new_id(NOW)
    await keep(ledger, report)
    await ledger.write(note_refused, [(attempt, report.handoffs[0].id, NOW)])
    await ledger.write(ask_a_person, report.report.id, "rule:uji", NOW, {}, attempt)
    await ledger.write(give_up, report.report.id, None, "ani", "di luar kewenangan", LATER)
    assert await ledger.read(list_asked) == []
    assert await undone(ledger) == TakenBack(1, 0)
    assert [one.event_id for one in await ledger.read(list_asked)] == [attempt]
