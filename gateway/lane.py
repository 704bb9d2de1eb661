"""One destination's lane in a worker: what was rung for, what is in hand, how much may be under way at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from gateway.ledger.values import Claimed

Claim = Callable[[str, list[UUID]], Awaitable[list[Claimed]]]
Work = Callable[[Claimed], Awaitable[None]]

_WAITING_PER_SLOT = 32


class Lane:
    """Claims in batches a little ahead of need, works on `concurrency` handoffs at a time.

    What is rung for beyond `room` is forgotten on purpose: the ledger keeps it and the sweeper rings again.
    """

    def __init__(self, destination: str, concurrency: int, claim: Claim, work: Work) -> None:
        self.destination = destination
        self._concurrency = concurrency
        self._claim = claim
        self._work = work
        self._waiting: dict[UUID, None] = {}
        self._in_hand: dict[UUID, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(concurrency)
        self._turn = asyncio.Event()
        self._closed = False

    @property
    def room(self) -> int:
        """How many more handoffs may be rung for."""
        return max(0, self._concurrency * _WAITING_PER_SLOT - len(self._waiting))

    @property
    def in_hand(self) -> frozenset[UUID]:
        """The handoffs that are claimed."""
        return frozenset(self._in_hand)

    def offer(self, ids: Sequence[UUID]) -> None:
        """Take note that these handoffs are due."""
        for identity in ids[: self.room]:
            if identity not in self._in_hand:
                self._waiting[identity] = None
        self._turn.set()

    async def run(self) -> None:
        """Claim and work until closed; what is being claimed then is still worked on."""
        while not self._closed:
            await self._turn.wait()
            self._turn.clear()
            while self._waiting and self._may_claim():
                ids = self._next_ids()
                for claimed in await self._claim(self.destination, ids):
                    self._start(claimed)

    def close(self) -> list[UUID]:
        """Claim nothing more and forget what only waits. Returns what is in hand."""
        self._closed = True
        self._waiting.clear()
        self._turn.set()
        return list(self._in_hand)

    async def finished(self) -> None:
        """Return when nothing is in hand any more."""
        while self._in_hand:
            await asyncio.wait(self._in_hand.values())

    def abandon(self) -> None:
        """Cancel whatever is still in hand; its open attempts will be found and taken up."""
        for task in self._in_hand.values():
            task.cancel()

    def _may_claim(self) -> bool:
        """Whether a claim is worth its transaction: half the slots' worth of room, or nothing else to do."""
        room = 2 * self._concurrency - len(self._in_hand)
        return not self._closed and room >= max(1, min(len(self._waiting), self._concurrency // 2))

    def _next_ids(self) -> list[UUID]:
        ids = list(self._waiting)[: 2 * self._concurrency - len(self._in_hand)]
        for identity in ids:
            del self._waiting[identity]
        return ids

    def _start(self, claimed: Claimed) -> None:
        identity = claimed.handoff.id
        task = asyncio.create_task(self._in_slot(claimed))
        self._in_hand[identity] = task
        task.add_done_callback(lambda _: self._finished(identity))

    def _finished(self, identity: UUID) -> None:
        self._in_hand.pop(identity, None)
        self._turn.set()

    async def _in_slot(self, claimed: Claimed) -> None:
        async with self._slots:
            await self._work(claimed)
