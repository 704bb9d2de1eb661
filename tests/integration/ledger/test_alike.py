"""New reports that tell of an event again are linked to the first in the commit that keeps them, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from gateway.ledger import Ledger, alike
from gateway.ledger.alike import MOST_ALIKE, RULE
from gateway.ledger.books import balance
from gateway.ledger.intake import add_messages, keep_reports
from gateway.ledger.links import due_links, note_tended, part, stir
from gateway.ledger.prepared import Prepared
from gateway.ledger.repairs import cancel, erase_report
from gateway.ledger.review import list_review
from gateway.ledger.tables import sketches
from gateway.ledger.values import NewReport
from gateway.ledger.views import show_report
from gateway.likeness import Likeness, Sketch
from schemas.handoff import LinkKind
from schemas.ids import uuid7
from tests.integration.ledger.doing import count, keep
from tests.integration.ledger.making import LATER, NOW, SP4N, a_later_message, a_report, hashed

OLDEST = uuid7(NOW - timedelta(days=7), bytes(10))


def told(
    name: str,
    sender: str,
    *,
    street: str = "merdeka",
    matter: str = "pekerjaan umum",
    since: UUID = OLDEST,
    **given: Any,
) -> NewReport:
    """A report of a broken lamp in a street, by somebody."""
    names = tuple(sorted((hashed(street, 3) + b"\x01", hashed("cimahi", 3) + b"\x00")))
    facts = tuple(sorted(hashed(fact, 4) for fact in ("lampu", "padam", "gelap")))
    keys = (hashed(f"{street} cimahi"),)
    sketch = Sketch(names, facts, hashed(matter, 4), shared=True)
    one = a_report(name, SP4N, **given)
    verdict = {"verdict": {"kind": "accept", "findings": []}}
    one = replace(one, report=replace(one.report, decision={**one.report.decision, **verdict}))
    return replace(one, likeness=Likeness(hashed(sender), sketch, keys, keys, since))


async def test_the_second_person_is_linked_to_the_first_and_owed_to_nobody(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    await keep(ledger, first)
    [kept] = await keep(ledger, second)

    assert (kept.linked, kept.tracking_code) == (True, second.report.tracking_code)
    record = await ledger.read(show_report, second.report.id)
    assert record is not None
    assert (record.report.verdict, record.handoffs) == ("duplicate", ())
    assert record.report.decision["verdict"]["findings"][-1]["check"] == "same_event"
    tied = record.ties.followed
    assert tied is not None
    assert record.lead is not None
    assert (tied.tracking_code, tied.link.kind) == (first.report.tracking_code, LinkKind.SUPPORTER)
    assert tied.link.linked_by == RULE
    lead = await ledger.read(show_report, first.report.id)
    assert lead is not None
    assert [one.tracking_code for one in lead.ties.supporters] == [second.report.tracking_code]
    assert [row for row in await ledger.read(balance) if row.difference] == []
    assert await ledger.read(list_review) == []


async def test_the_same_person_tells_it_again(ledger: Ledger) -> None:
    first, again = told("a", "wati"), told("b", "wati", at=LATER)
    await keep(ledger, first, again)

    record = await ledger.read(show_report, again.report.id)
    assert record is not None
    assert record.ties.followed is not None
    assert record.ties.followed.link.kind is LinkKind.AGAIN


async def test_another_place_and_another_time_are_another_event(ledger: Ledger) -> None:
    await keep(ledger, told("a", "wati"))
    elsewhere = told("b", "budi", street="pahlawan", at=LATER)
    long_after = told("c", "citra", at=LATER, since=uuid7(LATER, bytes(10)))
    kept = await keep(ledger, elsewhere, long_after)

    assert [one.linked for one in kept] == [False, False]


async def test_many_in_one_batch_follow_the_first_of_them(ledger: Ledger) -> None:
    batch = [told(f"m{number}", f"person {number}") for number in range(5)]
    kept = await ledger.write(keep_reports, batch)

    assert [one.linked for one in kept] == [False, True, True, True, True]
    lead = await ledger.read(show_report, batch[0].report.id)
    assert lead is not None
    assert len(lead.ties.supporters) == 4


async def test_of_a_place_from_which_very_many_come_only_some_are_kept_to_be_found(ledger: Ledger) -> None:
    matters = [told(f"m{number}", f"person {number}", matter=f"matter {number}") for number in range(MOST_ALIKE + 6)]
    await ledger.write(keep_reports, matters[:2])
    kept = await ledger.write(keep_reports, matters[2:])

    assert not any(one.linked for one in kept)
    assert await count(ledger, sketches) == MOST_ALIKE
    [again] = await keep(ledger, told("again", "budi", matter="matter 0", at=LATER))
    assert again.linked, "those that were kept are found as before"


class Counting:
    """A statement that counts how often it is run."""

    def __init__(self, statement: Prepared) -> None:
        self.runs = 0
        self._statement = statement

    def rows(self, conn: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        self.runs += 1
        return self._statement.rows(conn, values)


async def test_one_query_serves_a_whole_batch(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(alike._FOUND)
    monkeypatch.setattr(alike, "_FOUND", counting)
    reports = [told(f"m{number}", f"p{number}", street=f"gang {number}") for number in range(20)]
    assert len(await ledger.write(keep_reports, reports)) == 20
    assert counting.runs == 1


async def test_a_message_that_comes_again_does_not_become_the_lead_of_others(ledger: Ledger) -> None:
    held = replace(told("a", "wati"), likeness=None)
    await keep(ledger, held)
    repeated, other = told("a", "wati", at=LATER), told("b", "budi", at=LATER)
    await ledger.write(keep_reports, [repeated, other])

    record = await ledger.read(show_report, other.report.id)
    assert record is not None
    assert record.ties.followed is not None
    assert record.ties.followed.link.lead_id == held.report.id


async def test_keeping_the_same_again_changes_nothing(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    for _ in range(2):
        await keep(ledger, first)
        [kept] = await keep(ledger, second)
    assert not kept.duplicate
    assert await count(ledger, sketches) == 1


async def test_a_later_message_of_a_follower_is_kept_and_falls_due(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    await keep(ledger, first, second)
    [link] = await ledger.read(due_links, LATER, 10)
    await ledger.write(note_tended, link, 1, LATER)
    assert await ledger.read(due_links, LATER, 10) == []

    at = LATER + timedelta(minutes=1)
    kept = await ledger.group(add_messages, a_later_message("c", second.report.id, at=at))

    assert (kept.sequence, kept.stale) == (1, False)
    assert [(one.report_id, one.passed) for one in await ledger.read(due_links, at, 10)] == [(second.report.id, 1)]


async def test_what_fell_due_meanwhile_stays_due(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    await keep(ledger, first, second)
    [link] = await ledger.read(due_links, LATER, 10)
    later = LATER + timedelta(seconds=1)
    await ledger.write(stir, [first.report.id], later)
    await ledger.write(note_tended, link, 1, LATER)
    assert [one.due_at for one in await ledger.read(due_links, later, 10)] == [later]


async def test_one_that_parts_waits_for_review_again(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    await keep(ledger, first, second)

    aside = await ledger.write(part, second.report.id, "petugas", "lampu yang lain", LATER)

    assert aside is not None
    assert [one.tracking_code for one in await ledger.read(list_review)] == [second.report.tracking_code]
    assert await ledger.write(part, second.report.id, "petugas", "lagi", LATER) is None
    record = await ledger.read(show_report, second.report.id)
    assert record is not None
    assert record.ties.followed is None
    assert record.ties.lead is not None
    assert [row for row in await ledger.read(balance) if row.difference] == []


async def test_followers_fall_due_when_their_lead_is_cancelled_or_erased(ledger: Ledger) -> None:
    first, second = told("a", "wati"), told("b", "budi", at=LATER)
    await keep(ledger, first, second)
    for at, change in (
        (LATER + timedelta(hours=1), (cancel, [first.handoffs[0].id], "petugas", "salah")),
        (LATER + timedelta(hours=2), (erase_report, first.report.id, "petugas")),
    ):
        [link] = await ledger.read(due_links, at, 10)
        await ledger.write(note_tended, link, 1, LATER)
        assert await ledger.read(due_links, at, 10) == []
        await ledger.write(*change, at)
        assert len(await ledger.read(due_links, at, 10)) == 1


async def test_an_erased_report_leads_nobody_any_more(ledger: Ledger) -> None:
    first = told("a", "wati")
    await keep(ledger, first)
    await ledger.write(erase_report, first.report.id, "petugas", LATER)

    [kept] = await keep(ledger, told("b", "budi", at=LATER))
    assert not kept.linked
    assert first.report.id not in await ledger.read(
        lambda conn: conn.execute(select(sketches.c.report_id)).scalars().all()
    )
