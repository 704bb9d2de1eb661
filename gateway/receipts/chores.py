"""What a worker does to learn what became of cases: takes new ones under watch, and asks each destination in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from gateway.chores import Chore
from gateway.clocks import Calendar
from gateway.ledger.watching import begin_watches, destinations_to_ask
from gateway.receipts.asking import AT_ONCE, Asked, ask_due
from gateway.receipts.following import Following
from gateway.receipts.keeping import Keeping
from gateway.receipts.refusing import refusing_of
from gateway.receipts.striking import strike
from gateway.receipts.undelivered import report_undelivered

_EVERY = 2.0
_WITHOUT_PAUSE = 0.0
_CLOCKS_EVERY = 5.0
_REPORTED_EVERY = 30.0
_TAKEN_AT_ONCE = 100


def watching(
    tools: Keeping,
    asked: Sequence[Asked],
    chance: Callable[[], float],
    calendar: Calendar,
    following: Following,
) -> tuple[Chore, ...]:
    """All the chores."""

    async def read_clocks() -> None:
        await strike(tools, calendar)

    async def report() -> None:
        await report_undelivered(tools)

    return (
        ("watch", _EVERY, partial(take_all, tools, asked)),
        ("clocks", _CLOCKS_EVERY, read_clocks),
        ("non-delivery", _REPORTED_EVERY, report),
        ("links", _EVERY, following.tend),
        ("not_ours", _EVERY, refusing_of(following.reviewing).send_on),
        *asking(tools, asked, chance),
    )


def asking(tools: Keeping, asked: Sequence[Asked], chance: Callable[[], float]) -> tuple[Chore, ...]:
    """The chores that ask: each destination has one of its own, so that a slow one keeps no other from being asked.

    One look tells which of them are to be asked at all: of hundreds, most have nothing due most of the time.
    """
    due = {one.name: asyncio.Event() for one in asked}

    async def look() -> None:
        for name in await tools.ledger.read(destinations_to_ask, tools.clock.now()):
            if name in due:
                due[name].set()

    async def ask(one: Asked) -> None:
        await due[one.name].wait()
        due[one.name].clear()
        await ask_all_due(one, tools, chance)

    return (("due watches", _EVERY, look), *((f"ask {one.name}", _WITHOUT_PAUSE, partial(ask, one)) for one in asked))


async def take_all(tools: Keeping, asked: Sequence[Asked]) -> None:
    """Take every case under watch that was delivered since the last time. Raises LedgerUnavailable."""
    first = {one.name: one.policy.soonest for one in asked}
    while await tools.ledger.write(begin_watches, tools.clock.now(), first, _TAKEN_AT_ONCE) >= _TAKEN_AT_ONCE:
        pass


async def ask_all_due(asked: Asked, tools: Keeping, chance: Callable[[], float]) -> None:
    """Ask until nothing is due any more, or the destination cannot answer. Raises LedgerUnavailable."""
    while await ask_due(asked, tools, chance) >= AT_ONCE:
        pass
