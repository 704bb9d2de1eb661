"""One destination's lane in a worker: what was rung for, what is in hand, how much may be under way at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from gateway.ledger.values import Claimed

Claim = Callable[[str, list[UUID]], Awaitable[list[Claimed]]]
Work = Callable[[Claimed], Awaitable[None]]

_RUNG_PER_SLOT = 32
_SWEPT_PER_SLOT = 16


class Lane:
    """Claims in batches a little ahead of need, works on as many handoffs at a time as `slots` says just then.

    What is rung for beyond its room is forgotten on purpose: the ledger keeps it and the sweeper rings again. A part of
    the room is for the sweeper alone, which shares it fairly, while tickets come as they come. With no slots nothing is
    claimed; what is claimed already is worked on one by one, so that it can be given back.
    """

    def __init__(self, destination: str, slots: Callable[[], int], claim: Claim, work: Work) -> None:
        self.destination = destination
        self._slots = slots
        self._claim = claim
        self._work = work
        self._urgent: dict[UUID, None] = {}
        self._waiting: dict[UUID, None] = {}
        self._in_hand: dict[UUID, asyncio.Task[None]] = {}
        self._under_way = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._turn = asyncio.Event()
        self._closed = False

    @property
    def room(self) -> int:
        """How many more handoffs the sweeper may ring for."""
        return max(0, self._slots() * (_RUNG_PER_SLOT + _SWEPT_PER_SLOT) - len(self._waiting))

    @property
    def in_hand(self) -> frozenset[UUID]:
        """The handoffs that are claimed."""
        return frozenset(self._in_hand)

    def offer(self, ids: Sequence[UUID]) -> None:
        """A ticket says that these handoffs are due."""
        room = max(0, self._slots() * _RUNG_PER_SLOT - len(self._waiting))
        self._note(ids[:room], self._waiting)

    def sweep(self, ids: Sequence[UUID], *, urgent: bool = False) -> None:
        """The sweeper found that these handoffs are due. Urgent ones are claimed before all others."""
        self._note(ids, self._urgent if urgent else self._waiting)

    def wake(self) -> None:
        """Look again whether anything may be claimed: the number of slots may have changed."""
        self._turn.set()

    async def run(self) -> None:
        """Claim and work until closed; what is being claimed then is still worked on."""
        while not self._closed:
            await self._turn.wait()
            self._turn.clear()
            while self._may_claim():
                ids = self._next_ids()
                for claimed in await self._claim(self.destination, ids):
                    self._start(claimed)

    def close(self) -> list[UUID]:
        """Claim nothing more and forget what only waits. Returns what is in hand."""
        self._closed = True
        self._urgent.clear()
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

    def _note(self, ids: Sequence[UUID], where: dict[UUID, None]) -> None:
        for identity in ids:
            if identity not in self._in_hand:
                where[identity] = None
        self._turn.set()

    def _may_claim(self) -> bool:
        """Whether a claim is worth its transaction: half the slots' worth of room, or nothing else to do."""
        slots, waiting = self._slots(), len(self._waiting) + len(self._urgent)
        if self._closed or not slots or not waiting:
            return False
        return 2 * slots - len(self._in_hand) >= max(1, min(waiting, slots // 2))

    def _next_ids(self) -> list[UUID]:
        ids = list(dict.fromkeys((*self._urgent, *self._waiting)))[: 2 * self._slots() - len(self._in_hand)]
        for identity in ids:
            self._urgent.pop(identity, None)
            self._waiting.pop(identity, None)
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
        await self._slot()
        try:
            await self._work(claimed)
        finally:
            self._under_way -= 1
            self._let_in()

    async def _slot(self) -> None:
        """Return when there is a slot, which is then taken."""
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was this one's turn just then
                self._under_way -= 1
            self._let_in()
            raise

    def _let_in(self) -> None:
        """Give free slots to those who wait, the first first."""
        while self._queue and self._under_way < max(1, self._slots()):
            turn = self._queue.popleft()
            if not turn.done():
                self._under_way += 1
                turn.set_result(None)
