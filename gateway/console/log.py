"""The delivery log: every attempt, found in a second, and new ones as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from gateway.console.sessions import signed_in
from gateway.console.visit import Visit
from gateway.ledger.channels import list_channels
from gateway.ledger.deliveries import Place, deliveries_after, newest_delivery
from gateway.ledger.delivery_log import lines_among, read_log
from gateway.ledger.log_filter import reasons_known
from gateway.ledger.saved_views import list_views
from gateway.operations.log_query import LogQuery, log_query
from gateway.operations.searching import named_in
from schemas.errors import Invalid, LedgerUnavailable
from schemas.handoff import HandoffState, OutcomeKind

PAGE = 50
_LOOK_AGAIN = 1.0
_STILL_THERE = 15.0


async def show_log(visit: Visit) -> Response:
    """A page of the log; only its lines when a script asks for them."""
    query = await _asked(visit)
    lines = await visit.desk.ledger.read(read_log, query.wanted, _before(visit), PAGE + 1)
    more, lines = len(lines) > PAGE, lines[:PAGE]
    shown: dict[str, Any] = {"query": query, "lines": lines, "more": more, "first": not visit.query("before")}
    if visit.is_part:
        return visit.page("log_lines.html", **shown)
    ledger = visit.desk.ledger
    return visit.page(
        "log.html",
        **shown,
        destinations=sorted(visit.desk.config.destinations),
        channels=[row.name for row in await ledger.read(list_channels)],
        reasons=await ledger.read(reasons_known),
        states=list(HandoffState),
        outcomes=list(OutcomeKind),
        views=await ledger.read(list_views, visit.actor),
    )


async def follow_log(visit: Visit) -> Response:
    """Server-sent events: the lines of attempts that end from now on and that the filter lets through."""
    query = await _asked(visit)
    place = await visit.desk.ledger.read(newest_delivery)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(visit, query, place), media_type="text/event-stream", headers=headers)


async def _events(visit: Visit, query: LogQuery, place: Place) -> AsyncIterator[str]:
    yield "retry: 2000\n: following\n\n"
    quiet = 0.0
    while not visit.desk.leaving.is_set():
        text, place = await _news(visit, query, place)
        if text:
            yield f"event: lines\n{_data(text)}\n\n"
        if quiet >= _STILL_THERE:
            if not await _still_in(visit):
                return
            yield ": still there\n\n"
            quiet = 0.0
        try:
            await asyncio.wait_for(visit.desk.leaving.wait(), _LOOK_AGAIN)
        except TimeoutError:
            quiet += _LOOK_AGAIN


async def _still_in(visit: Visit) -> bool:
    """Whether who follows has not signed out, been locked out or waited too long meanwhile."""
    try:
        return await signed_in(visit.desk, visit.request) is not None
    except LedgerUnavailable:
        return True


async def _news(visit: Visit, query: LogQuery, place: Place) -> tuple[str, Place]:
    """What happened since, as lines of the log; nothing while the ledger cannot be reached, which passes."""
    try:
        news = await visit.desk.ledger.read(deliveries_after, place)
        if not news:
            return "", place
        ended = {one.attempt_id for one in news}
        lines = await visit.desk.ledger.read(lines_among, query.wanted, ended, PAGE)
    except LedgerUnavailable:
        return "", place
    return (visit.text("log_rows.html", lines=lines, fresh=True) if lines else ""), news[-1].place


def _data(text: str) -> str:
    return "\n".join(f"data: {line}" for line in text.splitlines() if line.strip())


async def _asked(visit: Visit) -> LogQuery:
    """The query of the address, with the reports that it names looked up. Raises Invalid, Forbidden."""
    query = log_query(visit.request.query_params, visit.now)
    return await named_in(visit.desk.ledger, query, may_reveal=visit.may("reveal"))


def _before(visit: Visit) -> UUID | None:
    text = visit.query("before")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
