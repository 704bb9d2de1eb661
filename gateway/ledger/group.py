"""Group commit: whatever arrived while the last commit ran makes up the next transaction.

Nobody who waits for an answer is made to wait for company. What a worker does for several handoffs of one report comes
within a moment of each other, though: its items are given that moment, when no commit is running.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from schemas.errors import LedgerUnavailable

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")

GroupFunction = Callable[[Connection, list[I]], list[R]]
Work = tuple[GroupFunction[Any, Any], list[Any]]
Transact = Callable[[Sequence[Work]], Awaitable[list[list[Any]]]]

LARGEST_GROUP = 500
PATIENCE_SECONDS = 0.002
"""How many seconds a patient item waits for others; a commit takes about as long."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    function: GroupFunction[Any, Any]
    item: Any
    answer: asyncio.Future[Any]


class GroupCommit:
    """Collects items and commits them in groups, one group at a time.

    `transact` runs every function once with its items, in one transaction. When that fails, each item is tried in a
    transaction of its own, so that a poison item fails alone; when the ledger is unavailable, all of them fail at once.
    `patience` is how many seconds those items wait for others that may.
    """

    def __init__(self, transact: Transact, patience: float = PATIENCE_SECONDS) -> None:
        self._transact = transact
        self._patience = patience
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._pressed = asyncio.Event()
        self._closing = False
        self._runner = asyncio.create_task(self._run(), name="ledger-group-commit")

    @property
    def waiting(self) -> int:
        """How many items wait for the next transaction."""
        return len(self._waiting)

    async def submit(self, function: GroupFunction[I, R], item: I, *, patient: bool = False) -> R:
        """Have the function called with this item, among others; its answer, once it is committed.

        A patient item waits a moment for others that it may share a transaction with.
        """
        if self._closing:
            raise LedgerUnavailable("the ledger is closed: the gateway is stopping")
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(function, item, answer))
        self._arrived.set()
        if not patient:
            self._pressed.set()
        return await answer

    async def close(self) -> None:
        """Commit what has arrived and take no more."""
        self._closing = True
        self._arrived.set()
        self._pressed.set()
        await self._runner

    async def _run(self) -> None:
        while not self._closing or self._waiting:
            await self._arrived.wait()
            self._arrived.clear()
            await self._for_company()
            while group := self._take():
                await self._commit(group)

    async def _for_company(self) -> None:
        """Return after a moment, or as soon as there is an item that does not wait."""
        timer = asyncio.get_running_loop().call_later(self._patience, self._pressed.set)
        await self._pressed.wait()
        timer.cancel()
        self._pressed.clear()

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        while self._waiting and len(group) < LARGEST_GROUP:
            waiting = self._waiting.popleft()
            if not waiting.answer.done():  # a caller who went away before the commit began
                group.append(waiting)
        return group

    async def _commit(self, group: list[_Waiting]) -> None:
        try:
            await self._together(group)
        except LedgerUnavailable as error:
            _fail(group, error)
        except Exception:  # noqa: BLE001 - whatever it is, it is the business of one item: see whose
            await self._one_by_one(group)

    async def _together(self, group: list[_Waiting]) -> None:
        by_function: dict[GroupFunction[Any, Any], list[_Waiting]] = {}
        for waiting in group:
            by_function.setdefault(waiting.function, []).append(waiting)
        works = [(function, [waiting.item for waiting in share]) for function, share in by_function.items()]
        answers = await self._transact(works)
        for share, results in zip(by_function.values(), answers, strict=True):
            for waiting, result in zip(share, results, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(result)

    async def _one_by_one(self, group: list[_Waiting]) -> None:
        for place, waiting in enumerate(group):
            try:
                await self._together([waiting])
            except LedgerUnavailable as error:
                _fail(group[place:], error)
                return
            except Exception as error:  # noqa: BLE001 - handed to the one who waits for it
                _fail([waiting], error)


def _fail(group: list[_Waiting], error: Exception) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
