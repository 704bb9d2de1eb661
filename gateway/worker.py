"""A worker: keeps its lease, listens, sweeps, takes up what dead workers left, keeps the journal signed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from adapters.pulled import Pulled
from gateway.channel_lines import ChannelLines
from gateway.chores import Act, Chore
from gateway.dispatch import hand_off
from gateway.gate import URGENT
from gateway.lane import Lane
from gateway.lease import Lease
from gateway.ledger.claims import LEAST_URGENT, Wanted, claim_each, due, owned_by, release
from gateway.ledger.values import Claimed, Orphan
from gateway.ledger.workers import held, orphans
from gateway.line import Line, Seat, Tools
from gateway.queue import Doorbell, Ticket
from gateway.taking_up import resume
from gateway.watch import Watch
from schemas.errors import Fenced, LedgerUnavailable

log = structlog.get_logger("gateway.worker")

_ORPHANS_AT_ONCE = 200
_SWEPT_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a worker does what, in seconds. `grace` is how long it may take to finish when it is told to stop."""

    beat: float = 1.0
    sweep: float = 1.0
    ring_again: float = 10.0
    urgent_again: float = 2.0
    checkpoint: float = 1.0
    measure: float = 15.0
    channels: float = 2.0
    grace: float = 20.0


class Worker:
    """Hands off what is due until told to stop. `sign` and `measure` are the chores of journal and metrics.

    `chores` are others to be done beside them: name, seconds between two rounds, and what to do.
    """

    def __init__(
        self,
        *,
        lines: Mapping[str, Line],
        tools: Tools,
        doorbell: Doorbell,
        lease: Lease,
        rhythm: Rhythm,
        sign: Act,
        measure: Act,
        chores: Sequence[Chore] = (),
        channels: ChannelLines | None = None,
    ) -> None:
        self._lines = dict(lines)
        self._channels = channels
        self._tools = tools
        self._doorbell = doorbell
        self._lease = lease
        self._rhythm = rhythm
        self._chores: tuple[Chore, ...] = (
            ("beat", rhythm.beat, self._beat),
            ("watch", rhythm.sweep, self._watch),
            ("sweep", rhythm.sweep, self._sweep),
            ("take_up", rhythm.beat, self._take_up),
            ("sign", rhythm.checkpoint, sign),
            ("measure", rhythm.measure, measure),
            ("channels", rhythm.channels, self._follow_channels),
            *chores,
        )
        self._gates = Watch(self._lines, tools.ledger, tools.metrics, tools.clock, rhythm.sweep)
        self._lanes = {
            name: Lane(name, line.gate.slots, self._claim, self._work_on)
            for name, line in lines.items()
            if not isinstance(line.destination, Pulled)  # its cases lie ready until it fetches them
        }
        self._running: dict[str, asyncio.Task[None]] = {}  # of lanes that were opened on the way
        self._began = tools.clock.now()  # tickets from before may have died with the process that had them
        self._missed: set[UUID] = set()
        self._unsure = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish what is in hand within the grace period and leave."""
        await self._lease.take()
        with suppress(LedgerUnavailable):
            await self._gates.look(self._lease.worker)  # before anything is tried: what is this worker's share?
        loop = asyncio.get_running_loop()
        self._doorbell.start(lambda ticket: _pass_on(loop, self._take, ticket))
        tasks = [asyncio.create_task(self._every(*chore), name=chore[0]) for chore in self._chores]
        lanes = [asyncio.create_task(lane.run(), name=f"lane {name}") for name, lane in self._lanes.items()]
        log.info("worker.started", worker=str(self._lease.worker), destinations=sorted(self._lanes))
        try:
            await _until_told(stop, [*tasks, *lanes])
        finally:
            await self._finish(tasks, [*lanes, *self._running.values()])

    async def check(self) -> str | None:
        """None when this worker may hand off, or why it may not."""
        return (
            None
            if self._lease.holds(self._lease.worker)
            else "the worker could not renew its lease; is the ledger reachable?"
        )

    async def _finish(self, chores: list[asyncio.Task[None]], lanes: list[asyncio.Task[None]]) -> None:
        """Drain: the beat goes on until nothing is in hand or the grace period is over."""
        _cancel(*chores[1:])
        in_hand = sum(len(lane.close()) for lane in self._lanes.values())
        log.info("worker.draining", in_hand=in_hand)
        try:
            async with asyncio.timeout(self._rhythm.grace):
                await asyncio.gather(*lanes, return_exceptions=True)
                await asyncio.gather(*(lane.finished() for lane in self._lanes.values()))
        except TimeoutError:
            left = sum(len(lane.in_hand) for lane in self._lanes.values())
            log.warning("worker.grace_over", abandoned=left)
            for lane in self._lanes.values():
                lane.abandon()
            await asyncio.gather(*(lane.finished() for lane in self._lanes.values()))
        _cancel(chores[0])
        await asyncio.gather(*chores, *lanes, return_exceptions=True)
        await asyncio.gather(*(self._lines[name].destination.aclose() for name in self._running))
        await self._give_back()
        log.info("worker.stopped")

    async def _give_back(self) -> None:
        """Release what no attempt is under way for. Without a ledger the rest of the workers will find it."""
        ledger, worker = self._tools.ledger, self._lease.worker
        try:
            if left := await ledger.read(owned_by, worker):
                await ledger.write(release, left, worker, self._tools.clock.now())
        except LedgerUnavailable:
            log.warning("ledger.unavailable")
        await self._lease.give_back()

    def _take(self, ticket: Ticket) -> None:
        for destination, ids in ticket.items():
            lane = self._lanes.get(destination)
            if lane and self._lines[destination].gate.is_left_out:  # another worker hears it then, which may call there
                asyncio.get_running_loop().call_later(self._rhythm.sweep, self._doorbell.ring, destination, ids)
            elif lane:
                lane.offer(ids)

    async def _claim(self, destination: str, ids: list[UUID]) -> list[Claimed]:
        """Claim what is still due of these handoffs; nothing when the ledger or the lease is not there."""
        worker = self._lease.worker
        if not self._lease.holds(worker):
            return []
        least = URGENT if self._lines[destination].gate.takes_only_urgent() else LEAST_URGENT
        wanted = Wanted(ids, worker, self._tools.clock.now(), least)
        try:
            claimed = await self._tools.ledger.group(claim_each, wanted, patient=True)
        except Fenced:
            self._lease.lose(worker)
            return []
        except LedgerUnavailable:
            self._unsure = True
            log.warning("ledger.unavailable", destination=destination)
            return []
        self._unsure |= len(claimed) < len(ids)  # another was first, or the answer to our own commit was lost
        return claimed

    async def _work_on(self, claimed: Claimed) -> None:
        """Hand one off. This is the worker's edge: a fault of ours must not take the lane down with it."""
        worker = claimed.handoff.owner or self._lease.worker
        seat = Seat(worker, lambda: self._lease.holds(worker))
        try:
            await hand_off(claimed, self._lines[claimed.handoff.destination], self._tools, seat)
        except Fenced:
            log.warning("worker.fenced", handoff=str(claimed.handoff.id))
        except Exception:
            log.exception("dispatch.failed", handoff=str(claimed.handoff.id))
            self._unsure = True

    async def _beat(self) -> None:
        await self._lease.renew()

    async def _watch(self) -> None:
        """Learn which destinations are paused, show how they fare, and go on where they let us again."""
        await self._gates.look(self._lease.worker)
        for lane in self._lanes.values():
            lane.wake()

    async def _follow_channels(self) -> None:
        """Open a lane for each channel that has come to answer; close those of channels that are gone."""
        if self._channels is None:
            return
        turnover = await self._channels.look(self._running.keys())
        for name, line in turnover.opened.items():
            self._lines[name] = line
            self._lanes[name] = lane = Lane(name, line.gate.slots, self._claim, self._work_on)
            self._running[name] = asyncio.create_task(lane.run(), name=f"lane {name}")
            log.info("lane.opened", destination=name)
        for name in turnover.closed:
            if name in self._lanes:
                self._lanes[name].close()
        await self._remove_closed()

    async def _remove_closed(self) -> None:
        """Forget the lanes that were closed, once nothing is in hand there."""
        for name in [name for name, task in self._running.items() if task.done() and not self._lanes[name].in_hand]:
            await self._running.pop(name)
            del self._lanes[name]
            await self._lines.pop(name).destination.aclose()
            log.info("lane.closed", destination=name)

    async def _sweep(self) -> None:
        """Ring for whatever is due and has not been rung for lately, as much as the lanes have room for."""
        rooms = {name: lane.room for name, lane in self._lanes.items() if lane.room}
        if not rooms:
            return
        now = self._tools.clock.now()
        urgent_only = [name for name in rooms if self._lines[name].gate.takes_only_urgent()]
        found = await self._tools.ledger.write(
            due,
            now,
            self._before(now, self._rhythm.ring_again),
            _SWEPT_AT_ONCE,
            rooms,
            urgent_again_before=self._before(now, self._rhythm.urgent_again),
            urgent_only=urgent_only,
        )
        for destination, identity, is_urgent in found:
            self._lanes[destination].sweep((identity,), urgent=is_urgent)

    def _before(self, now: datetime, seconds: float) -> datetime:
        """What was rung for before this may have been forgotten by now."""
        return max(now - timedelta(seconds=seconds), self._began)

    async def _take_up(self) -> None:
        """Take up what dead workers left, and release what this one does not know it has."""
        await self._lease.fence_the_dead()
        for orphan in await self._tools.ledger.read(orphans, _ORPHANS_AT_ONCE):
            await self._resume(orphan)
        if self._unsure:
            await self._take_up_forgotten()

    async def _take_up_forgotten(self) -> None:
        """Take up what is ours without our knowing, after a fault or a commit whose answer was lost."""
        in_hand = frozenset[UUID]().union(*(lane.in_hand for lane in self._lanes.values()))
        worker = self._lease.worker
        forgotten = set(await self._tools.ledger.read(owned_by, worker)) - in_hand
        surely = forgotten & self._missed  # seen twice: not just a claim whose answer is on its way
        self._missed = forgotten
        for orphan in await self._tools.ledger.read(held, worker, list(surely)):
            await self._resume(orphan)
        self._unsure = bool(forgotten)

    async def _resume(self, orphan: Orphan) -> None:
        await resume(orphan, self._lines.get(orphan.claimed.handoff.destination), self._tools)

    async def _every(self, name: str, seconds: float, chore: Act) -> None:
        """Do a chore again and again. An absent ledger is no reason to stop; neither is a fault in one round."""
        while True:
            try:
                await chore()
            except LedgerUnavailable:
                log.warning("worker.chore_waits", chore=name)
            except Exception:
                log.exception("worker.chore_failed", chore=name)
            await asyncio.sleep(seconds)


def _pass_on(loop: asyncio.AbstractEventLoop, take: Callable[[Ticket], None], ticket: Ticket) -> None:
    """From the doorbell's thread into the event loop."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(take, ticket)


async def _until_told(stop: asyncio.Event, parts: Sequence[asyncio.Task[None]]) -> None:
    """Return when told to stop. Raises RuntimeError when a part of the worker ended by itself."""
    told = asyncio.create_task(stop.wait())
    try:
        ended, _ = await asyncio.wait([told, *parts], return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
    for part in ended - {told}:
        cause = None if part.cancelled() else part.exception()
        raise RuntimeError(f"the worker's {part.get_name()} ended by itself") from cause


def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
