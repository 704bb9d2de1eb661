"""Asking about cases when the destination cannot answer: nothing is lost, and nobody is asked in vain for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Call, Reply
from gateway.ledger import Ledger
from gateway.ledger.views import show_report
from gateway.receipts.asking import ask_due
from gateway.receipts.chores import asking
from tests.integration.month import STEP, Month


class Moody(Month):
    """A month of one report whose destination answers as the test says."""

    answers: list[Reply]

    async def taken(self) -> Any:
        await self.run(steps=3)
        self.clock.at += 30 * STEP
        send = self.sp4n.send
        self.calls: list[Call] = []

        async def moody(call: Call) -> Reply:
            self.calls.append(call)
            return self.answers.pop(0) if self.answers else await send(call)

        self.sp4n.send = moody  # type: ignore[method-assign]

    async def ask(self) -> int:
        return await ask_due(self.asked, self.keeping, lambda: 0.0)


@pytest.fixture
async def month(tmp_path: Path) -> AsyncIterator[Moody]:
    ledger = await Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    await ledger.migrate()
    made = Moody(ledger, tmp_path / "files", arrivals=[0, 0, 0, 0])
    await made.taken()
    yield made
    await ledger.close()


async def watches(month: Moody) -> list[Any]:
    records = [await month.ledger.read(show_report, case.report_id) for case in month.cases.values()]
    return [watch for record in records if record for watch in record.watches if watch.destination == "sp4n"]


async def test_a_destination_in_trouble_is_asked_about_one_case_and_not_about_all(month: Moody) -> None:
    month.answers = [Reply(503, {"retry-after": "3600"})]

    assert await month.ask() == 1
    assert len(month.calls) == 1
    failed = [watch for watch in await watches(month) if watch.failures]
    assert [watch.failures for watch in failed] == [1]
    assert (failed[0].next_poll_at - month.clock.now()).total_seconds() >= 3600


async def test_an_answer_that_nobody_understands_keeps_no_other_case_from_being_asked_about(month: Moody) -> None:
    month.answers = [Reply(200, body=b"[]")]

    assert await month.ask() == 2
    assert sorted(watch.failures for watch in await watches(month)) == [0, 1]


async def test_a_destination_is_asked_when_a_look_found_something_due_and_not_before(month: Moody) -> None:
    chores = asking(month.keeping, [month.asked], lambda: 0.0)
    acts = {name: act for name, _, act in chores}
    now, month.clock.at = month.clock.at, month.clock.at - 60 * STEP

    waiting = asyncio.ensure_future(acts["ask sp4n"]())
    await acts["due watches"]()
    await asyncio.sleep(0)
    assert month.calls == []

    month.clock.at = now
    await acts["due watches"]()
    await waiting
    assert [watch.polls for watch in await watches(month)] == [1, 1]


async def test_what_was_heard_before_a_failure_is_kept_and_the_place_is_not(month: Moody) -> None:
    status = b'{"results":{"data":{"status_name":"Terverifikasi","status_logs":[]},"data_logs":[]}}'
    month.answers = [Reply(200, body=status), Reply(500)]

    await month.ask()

    (watch,) = [watch for watch in await watches(month) if watch.failures]
    assert (watch.status_name, watch.place, watch.polls) == ("Terverifikasi", {}, 1)
