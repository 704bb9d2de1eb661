"""Parked reports and parts are listed, released to destinations or cancelled, and the books follow."""

from __future__ import annotations

from uuid import uuid4

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.books import balance
from gateway.ledger.intake import add_messages, park_inbound
from gateway.ledger.repairs import cancel_parked, erase_report, release_parked
from gateway.ledger.values import NOWHERE, BalanceRow
from gateway.ledger.views import list_parked, show_parked, show_report
from schemas.errors import Invalid
from schemas.handoff import HandoffKind, ParkStage
from tests.integration.ledger.doing import handoffs, keep
from tests.integration.ledger.making import (
    CHANNEL,
    LATER,
    SP4N,
    a_handoff,
    a_later_message,
    a_report,
    an_unreadable_part,
)


async def test_what_is_set_aside_is_listed_newest_first_by_pages(ledger: Ledger) -> None:
    part = an_unreadable_part("a", at=LATER)
    held, unrouted = a_report("wamid.1", parked=ParkStage.SCREEN), a_report("wamid.2", parked=ParkStage.ROUTE)
    await keep(ledger, held, unrouted)
    await ledger.group(park_inbound, part)

    rows = await ledger.read(list_parked)
    assert rows[0] == part.parked
    assert set(rows) == {part.parked, held.parked, unrouted.parked}
    assert await ledger.read(list_parked, after=rows[0].id, limit=1) == rows[1:2]
    assert await ledger.read(list_parked, stage=ParkStage.ROUTE) == [unrouted.parked]
    assert await ledger.read(list_parked, channel="another") == []


async def test_one_is_shown_with_the_key_that_it_lies_under(ledger: Ledger) -> None:
    part, held = an_unreadable_part("a"), a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    await ledger.group(park_inbound, part)
    assert held.parked is not None

    assert await ledger.read(show_parked, part.parked.id) == (part.parked, part.key)
    assert await ledger.read(show_parked, held.parked.id) == (held.parked, held.key)
    assert await ledger.read(show_parked, uuid4()) is None


async def test_a_held_report_is_released_to_destinations_with_all_its_messages(ledger: Ledger) -> None:
    held = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    await ledger.group(add_messages, a_later_message("wamid.2", held.report.id))
    assert held.parked is not None
    new = a_handoff(SP4N, at=LATER)

    released = await ledger.write(release_parked, held.parked.id, [new], "ani", LATER, decision={"by": "ani"})

    assert released is True
    record = await ledger.read(show_report, held.report.id)
    assert record is not None
    assert [(row.id, row.kind, row.first_sequence, row.last_sequence) for row in record.handoffs] == [
        (new.id, HandoffKind.REPORT, 0, 1)
    ]
    assert [(row.state, row.closed_at) for row in record.parked] == [("released", LATER)]
    assert record.report.decision == {"by": "ani"}
    assert [(row.action, row.detail) for row in record.actions] == [
        ("release", {"stage": "screen", "destinations": [SP4N], "route": {"targets": []}})
    ]


async def test_what_is_not_parked_any_more_is_not_released_again(ledger: Ledger) -> None:
    held = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    assert held.parked is not None
    await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N)], "ani", LATER)

    assert await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N)], "ani", LATER) is False
    assert await ledger.write(release_parked, uuid4(), [a_handoff(SP4N)], "ani", LATER) is False
    assert len(await handoffs(ledger)) == 1


async def test_a_report_is_not_released_to_nowhere(ledger: Ledger) -> None:
    held = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    assert held.parked is not None

    with pytest.raises(Invalid):
        await ledger.write(release_parked, held.parked.id, [], "ani", LATER)
    assert await ledger.read(list_parked) == [held.parked]


async def test_a_part_that_was_kept_after_all_is_released_without_handoffs(ledger: Ledger) -> None:
    part = an_unreadable_part("a")
    await ledger.group(park_inbound, part)

    assert await ledger.write(release_parked, part.parked.id, [], "ani", LATER) is True
    assert await ledger.read(list_parked) == []
    assert await ledger.read(balance) == []


async def test_parked_work_is_cancelled_and_stays_in_the_books(ledger: Ledger) -> None:
    part, held = an_unreadable_part("a"), a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    await ledger.group(park_inbound, part)
    assert held.parked is not None

    assert await ledger.write(cancel_parked, [part.parked.id, held.parked.id, uuid4()], "ani", "iklan", LATER) == 2
    assert await ledger.write(cancel_parked, [part.parked.id], "ani", "iklan", LATER) == 0

    assert await ledger.read(balance) == [BalanceRow(CHANNEL, NOWHERE, 2, cancelled=2)]
    (action,) = await ledger.read(list_actions, subject=str(part.parked.id))
    assert (action.action, action.actor, action.detail) == ("cancel_parked", "ani", {"reason": "iklan"})


async def test_an_erased_report_is_not_parked_any_more(ledger: Ledger) -> None:
    held = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, held)
    assert held.parked is not None

    await ledger.write(erase_report, held.report.id, "ani", LATER)

    assert await ledger.read(list_parked) == []
    with pytest.raises(Invalid):
        await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N)], "ani", LATER)
