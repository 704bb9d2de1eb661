"""Inboxes: cases lent to ministries that fetch them themselves, each attempt recorded before it is handed out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from adapters.pulled import Pulled
from gateway.casework import open_case, standing_of
from gateway.gate import URGENT
from gateway.ledger.attempts import settle
from gateway.ledger.claims import LEAST_URGENT, release
from gateway.ledger.inbox import SEAT_HOST, Counted, counted, hand_out, lend, lent_since, seat
from gateway.ledger.values import Begin, Claimed, WorkerRow
from gateway.lifecycle import Standing, nothing_left
from gateway.line import Line, Tools
from gateway.recording import begin_of, change_of
from schemas.errors import Busy, Fenced, GatewayError, NotFound
from schemas.handoff import HandoffState, ParkStage
from schemas.ids import new_id

log = structlog.get_logger("gateway.inbox")

LOOKS_EVERY = 0.5
"""Seconds between two looks into the ledger while somebody waits for cases."""
MOST_AT_ONCE = 10_000
"""No batch is larger."""
_PREPARING = timedelta(seconds=60)
"""How long a process may take from claiming to handing out before others take it for dead."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One case as it is handed out. `body` is what the attempt's row commits to; `number` counts from 1."""

    handoff_id: UUID
    body: bytes
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """The destinations that fetch their cases, and what lending to them needs. `leaving`: the process is to stop."""

    lines: Mapping[str, Line]
    tools: Tools
    leaving: asyncio.Event

    def pulled(self, destination: str) -> tuple[Line, Pulled]:
        """A destination that fetches. Raises NotFound for any other."""
        line = self.lines.get(destination)
        if line is None or not isinstance(line.destination, Pulled):
            raise NotFound("there is no inbox of this name")
        return line, line.destination


def inbox_of(lines: Mapping[str, Line], tools: Tools, leaving: asyncio.Event) -> Inbox:
    """The inboxes among the destinations."""
    return Inbox({name: one for name, one in lines.items() if isinstance(one.destination, Pulled)}, tools, leaving)


async def fetch(inbox: Inbox, destination: str, most: int, wait: float) -> list[Offer]:
    """Cases for a ministry, as soon as its hours and its rate let it have any, at the latest after `wait` seconds.

    Raises NotFound, LedgerUnavailable.
    """
    line, terms = inbox.pulled(destination)
    clock = inbox.tools.clock
    end = clock.monotonic() + wait
    while True:
        offers = await _collect(inbox, destination, line, min(most, terms.batch))
        left = end - clock.monotonic()
        if offers or left <= 0 or inbox.leaving.is_set():
            return offers
        await _pause(inbox.leaving, min(LOOKS_EVERY, left))


async def count(inbox: Inbox, destination: str) -> Counted:
    """How much waits, and how much is lent. Raises NotFound, LedgerUnavailable."""
    inbox.pulled(destination)
    return await inbox.tools.ledger.read(counted, destination, inbox.tools.clock.now())


async def _collect(inbox: Inbox, destination: str, line: Line, most: int) -> list[Offer]:
    """Lend what waits now."""
    tools = inbox.tools
    if line.gate.opens_at(urgent=True) is not None:
        return []
    least = URGENT if line.gate.takes_only_urgent() else LEAST_URGENT
    most = min(most, await _room(destination, line, tools))
    now = tools.clock.now()
    if most <= 0 or not (await tools.ledger.read(counted, destination, now, least)).waiting:
        return []
    sitting = await tools.ledger.write(seat, WorkerRow(new_id(now), SEAT_HOST, os.getpid(), now))
    try:
        claimed = await tools.ledger.write(lend, destination, most, sitting, now, now + _PREPARING, least)
        ready = [made for one in claimed if (made := await _prepared(one, line, tools, sitting)) is not None]
        return await _handed_out(ready, destination, line, tools)
    except Fenced:
        log.warning("inbox.fenced", destination=destination)  # what was claimed is taken up as a dead worker's
        return []


async def _room(destination: str, line: Line, tools: Tools) -> int:
    """How many cases the destination's rate lets go now."""
    if line.rate is None:
        return MOST_AT_ONCE
    since = tools.clock.now() - timedelta(seconds=line.rate.seconds)
    return line.rate.calls - await tools.ledger.read(lent_since, destination, since)


async def _handed_out(ready: list[tuple[Begin, bytes]], destination: str, line: Line, tools: Tools) -> list[Offer]:
    """Commit the attempts; only what is committed is given away."""
    lease = line.destination.lease if isinstance(line.destination, Pulled) else 0.0
    until = tools.clock.now() + timedelta(seconds=lease)
    begun = await tools.ledger.write(hand_out, [begin for begin, _ in ready], until)
    tools.reach("inbox.recorded")
    offers = [
        Offer(begin.handoff_id, body, begin.number, until)
        for (begin, body), its in zip(ready, begun, strict=True)
        if its
    ]
    for offer in offers:
        log.info("handoff.lent", handoff=str(offer.handoff_id), destination=destination, number=offer.number)
    return offers


async def _prepared(claimed: Claimed, line: Line, tools: Tools, sitting: UUID) -> tuple[Begin, bytes] | None:
    """The attempt's row and what is handed out; None when it was put off or set aside instead."""
    handoff, destination = claimed.handoff, line.destination
    try:
        opened = open_case(claimed, tools.vault, identity=line.identity)
    except GatewayError as error:
        await _settled(claimed, _set_aside(claimed, type(error).__name__), tools, sitting)
        return None
    step = destination.next_step(opened.case)
    if step is None:
        await _settled(claimed, nothing_left(opened.standing), tools, sitting)
        return None
    try:
        files = await tools.files.gather(claimed, opened, opened.key) if step.files else ()
    except Busy as error:
        due_at = tools.clock.now() + timedelta(seconds=error.retry_after)
        await tools.ledger.write(release, [handoff.id], sitting, due_at)
        return None
    now = tools.clock.now()
    try:
        call = destination.build(replace(opened.case, files=files), step, now)
    except Exception:
        log.exception("inbox.build_failed", handoff=str(handoff.id))
        await _settled(claimed, _set_aside(claimed, "build_failed"), tools, sitting)
        return None
    return begin_of(handoff, step.name, handoff.tries + 1, now, sitting, opened.key, call.body), call.body


async def _settled(claimed: Claimed, standing: Standing, tools: Tools, sitting: UUID) -> None:
    """Write a state that no attempt led to."""
    await tools.ledger.write(settle, claimed.handoff.id, sitting, change_of(standing), tools.clock.now())
    log.warning("handoff.settled", handoff=str(claimed.handoff.id), state=standing.state.value, reason=standing.reason)


def _set_aside(claimed: Claimed, reason: str) -> Standing:
    return replace(
        standing_of(claimed.handoff), state=HandoffState.PARKED, stage=ParkStage.INTERNAL, reason=reason, due_at=None
    )


async def _pause(leaving: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the process is to stop."""
    try:
        async with asyncio.timeout(seconds):
            await leaving.wait()
    except TimeoutError:
        return
