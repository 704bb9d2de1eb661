"""Destinations are paused and resumed; their vocabularies are kept, with what changed."""

from __future__ import annotations

from adapters.contract import Term
from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.destinations import TermChanges, keep_terms, list_destinations, list_terms, pause, resume
from gateway.ledger.values import DestinationRow, TermRow
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N

HEALTH = Term("institution", "12", "Kementerian Kesehatan")
SCHOOL = Term("institution", "13", "Kementerian Pendidikan", parent="1")
ROADS = Term("category", "12", "Jalan")


async def test_a_destination_is_paused_once_and_resumed_once(ledger: Ledger) -> None:
    assert await ledger.write(pause, SP4N, "ani", "pemeliharaan", NOW) is True
    assert await ledger.write(pause, SP4N, "budi", "lain", LATER) is False
    assert await ledger.read(list_destinations) == [DestinationRow(SP4N, NOW, "ani", "pemeliharaan")]

    assert await ledger.write(resume, SP4N, "ani", LATER) is True
    assert await ledger.write(resume, SP4N, "ani", LATER) is False
    assert await ledger.write(resume, MINISTRY, "ani", LATER) is False
    assert await ledger.read(list_destinations) == [DestinationRow(SP4N)]


async def test_pausing_is_on_record(ledger: Ledger) -> None:
    await ledger.write(pause, SP4N, "ani", "pemeliharaan", NOW)
    await ledger.write(resume, SP4N, "budi", LATER)

    rows = await ledger.read(list_actions, subject=SP4N)
    assert [(row.action, row.actor, row.detail) for row in reversed(rows)] == [
        ("pause", "ani", {"reason": "pemeliharaan"}),
        ("resume", "budi", {}),
    ]


async def test_a_vocabulary_is_kept_as_it_was_read(ledger: Ledger) -> None:
    assert await ledger.write(keep_terms, SP4N, [HEALTH, SCHOOL, ROADS], NOW) == TermChanges(3, 0, 0)

    assert await ledger.read(list_terms, SP4N) == [
        TermRow(SP4N, "category", "12", "Jalan", None, NOW),
        TermRow(SP4N, "institution", "12", "Kementerian Kesehatan", None, NOW),
        TermRow(SP4N, "institution", "13", "Kementerian Pendidikan", "1", NOW),
    ]
    assert await ledger.read(list_terms, SP4N, "category") == [TermRow(SP4N, "category", "12", "Jalan", None, NOW)]
    assert await ledger.read(list_terms, MINISTRY) == []
    assert [row.synced_at for row in await ledger.read(list_destinations)] == [NOW]


async def test_what_changed_in_a_vocabulary_is_told(ledger: Ledger) -> None:
    await ledger.write(keep_terms, SP4N, [HEALTH, SCHOOL], NOW)
    renamed = Term("institution", "12", "Kemenkes RI")

    assert await ledger.write(keep_terms, SP4N, [renamed, ROADS], LATER) == TermChanges(1, 1, 1)

    assert [row.name for row in await ledger.read(list_terms, SP4N)] == ["Jalan", "Kemenkes RI"]
    gone = [row for row in await ledger.read(list_terms, SP4N, None, True) if row.gone_at]
    assert gone == [TermRow(SP4N, "institution", "13", "Kementerian Pendidikan", "1", NOW, LATER)]


async def test_reading_the_same_again_changes_nothing(ledger: Ledger) -> None:
    await ledger.write(keep_terms, SP4N, [HEALTH, SCHOOL], NOW)

    assert await ledger.write(keep_terms, SP4N, [SCHOOL, HEALTH, HEALTH], LATER) == TermChanges(0, 0, 0)
    assert [row.seen_at for row in await ledger.read(list_terms, SP4N)] == [LATER, LATER]


async def test_what_comes_back_is_there_again(ledger: Ledger) -> None:
    await ledger.write(keep_terms, SP4N, [HEALTH, SCHOOL], NOW)
    await ledger.write(keep_terms, SP4N, [HEALTH], LATER)

    assert await ledger.write(keep_terms, SP4N, [HEALTH, SCHOOL], LATER) == TermChanges(1, 0, 0)
    assert len(await ledger.read(list_terms, SP4N)) == 2


async def test_a_destination_without_vocabulary_loses_nothing(ledger: Ledger) -> None:
    await ledger.write(keep_terms, SP4N, [HEALTH], NOW)

    assert await ledger.write(keep_terms, SP4N, [], LATER) == TermChanges(0, 0, 0)
    assert len(await ledger.read(list_terms, SP4N)) == 1


async def test_vocabularies_do_not_mix(ledger: Ledger) -> None:
    await ledger.write(keep_terms, SP4N, [HEALTH], NOW)
    await ledger.write(keep_terms, MINISTRY, [SCHOOL], LATER)

    assert [row.code for row in await ledger.read(list_terms, SP4N)] == ["12"]
