"""A reporter asks after his own report and takes it back: what has not arrived is cancelled, the others are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.channels import add_channel
from gateway.ledger.claims import claim
from gateway.ledger.intake import add_messages
from gateway.ledger.notice_updates import Update, keep_updates, notices_of
from gateway.ledger.notices import owe_notices
from gateway.ledger.own_reports import OwnReport, Withdrawal, own_report, silence, unsilence, withdraw
from gateway.ledger.values import ChannelRow, Kept, NewNotice, NewReport, WorkerRow
from schemas.handoff import HandoffKind, HandoffState, ParkStage
from schemas.notice import NoticePurpose
from tests.integration.ledger.doing import begin, claim_all, end, handoff, handoffs, keep
from tests.integration.ledger.making import (
    CHANNEL,
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_later_message,
    a_message,
    a_report,
    hashed,
    new_id,
)

SRI = hashed("ibu Sri")


@pytest.fixture(autouse=True)
async def channel(ledger: Ledger) -> None:
    await ledger.write(add_channel, ChannelRow(CHANNEL, "whatsapp", NOW, {}, answers=True), "ani")


async def of_sri(ledger: Ledger, name: str, *destinations: str, parked: ParkStage | None = None) -> NewReport:
    report = a_report(name, *destinations, conversation="ibu Sri", parked=parked)
    await keep(ledger, report)
    return report


def told(report: NewReport, purpose: NoticePurpose, key: str = "first") -> NewNotice:
    return NewNotice(new_id(LATER), report.report.id, CHANNEL, purpose, key, b"sealed", LATER, LATER)


async def take_back(ledger: Ledger, report: NewReport, name: str = "wamid.batal") -> Kept:
    message = a_message(name, report.report.id, at=LATER, content="batal")
    notice = told(report, NoticePurpose.WITHDRAWN, name)
    return await ledger.write(withdraw, Withdrawal(message, b"sealed address", (notice,)))


async def found(ledger: Ledger, code: str | None = None, key: bytes = SRI) -> OwnReport:
    own = await ledger.read(own_report, key, code)
    assert own is not None
    return own


async def test_the_last_report_is_found_and_any_by_its_code(ledger: Ledger) -> None:
    first, second = await of_sri(ledger, "wamid.1", SP4N), await of_sri(ledger, "wamid.2", SP4N)

    assert (await found(ledger)).report.id == second.report.id
    assert (await found(ledger, first.report.tracking_code)).report.id == first.report.id


async def test_nobody_finds_the_report_of_another(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)

    assert await ledger.read(own_report, hashed("pak Budi"), report.report.tracking_code) is None
    assert await ledger.read(own_report, hashed("pak Budi"), None) is None


async def test_what_has_not_begun_is_cancelled_and_nobody_is_told(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N, MINISTRY)

    kept = await take_back(ledger, report)

    assert (kept.sequence, kept.handoffs) == (1, ())
    assert {(row.state, row.reason) for row in await handoffs(ledger) if row.kind is HandoffKind.REPORT} == {
        (HandoffState.CANCELLED, "withdrawn")
    }
    assert (await found(ledger)).withdrawn


@pytest.mark.parametrize("state", [HandoffState.DELIVERED, HandoffState.UNCERTAIN])
async def test_whoever_has_it_or_may_have_it_is_owed_the_withdrawal(
    ledger: Ledger, worker: WorkerRow, state: HandoffState
) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), state)

    kept = await take_back(ledger, report)

    [(destination, identity)] = kept.handoffs
    row = await handoff(ledger, identity)
    assert (destination, row.kind, row.first_sequence) == (SP4N, HandoffKind.WITHDRAWAL, 1)
    assert (await handoff(ledger, claimed.handoff.id)).state is state


async def test_what_is_being_sent_counts_as_arrived(ledger: Ledger, worker: WorkerRow) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    await claim_all(ledger, worker, report)

    assert [destination for destination, _ in (await take_back(ledger, report)).handoffs] == [SP4N]


async def test_what_was_refused_before_it_arrived_is_cancelled(ledger: Ledger, worker: WorkerRow) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.PARKED)

    assert (await take_back(ledger, report)).handoffs == ()
    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.CANCELLED


async def test_a_report_that_waits_for_a_person_waits_no_more(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", parked=ParkStage.SCREEN)

    await take_back(ledger, report)

    own = await found(ledger)
    assert (own.parked, own.withdrawn) == (None, True)


async def test_the_same_message_takes_back_once(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    first = await take_back(ledger, report)
    again = await take_back(ledger, report)

    assert (first.duplicate, again.duplicate) == (False, True)
    assert len(await ledger.read(notices_of, report.report.id)) == 1


async def test_a_word_to_the_gateway_is_kept_with_the_report_and_passed_on_to_nobody(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    await take_back(ledger, report)
    base = a_later_message("wamid.status", report.report.id, content="status")
    aside = replace(base, aside=True, notices=(told(report, NoticePurpose.STATUS_TOLD),))

    kept = await ledger.group(add_messages, aside)

    assert (kept.stale, kept.sequence, kept.handoffs) == (False, 2, ())
    own = await found(ledger)
    assert (own.report.messages, own.report.last_message_at) == (3, NOW)
    assert {row.destination: row.accepted for row in await ledger.read(balance)}[f"@{CHANNEL}"] == 2


async def test_silence_lasts_until_it_is_ended(ledger: Ledger) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    await ledger.write(silence, SRI, NOW)
    await ledger.write(silence, SRI, LATER)
    assert await ledger.write(owe_notices, [told(report, NoticePurpose.STATUS_CHANGED)]) == [False]

    await ledger.write(unsilence, SRI)
    assert await ledger.write(owe_notices, [told(report, NoticePurpose.STATUS_CHANGED)]) == [True]


async def test_what_the_vendor_tells_is_attached_and_never_goes_back(ledger: Ledger, worker: WorkerRow) -> None:
    report = await of_sri(ledger, "wamid.1", SP4N)
    notice = told(report, NoticePurpose.ACKNOWLEDGED)
    await ledger.write(owe_notices, [notice])
    (claimed,) = await ledger.write(claim, [notice.id], worker.id, LATER)
    attempt = await begin(ledger, claimed, worker)
    await ledger.group(keep_updates, Update(CHANNEL, "12345", "delivered", LATER))  # before our own record of it
    await end(ledger, claimed, attempt, HandoffState.DELIVERED)
    for status in ("sent", "read", "delivered"):
        await ledger.group(keep_updates, Update(CHANNEL, "12345", status, LATER))

    [seen] = await ledger.read(notices_of, report.report.id)
    assert (seen.purpose, seen.state, seen.reference) == (NoticePurpose.ACKNOWLEDGED, HandoffState.DELIVERED, "12345")
    assert (seen.status, seen.status_at, seen.error) == ("read", LATER, None)
