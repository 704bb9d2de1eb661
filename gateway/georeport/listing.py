"""Finding what a client asked for, page by page, opened for its reader and no further than the limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.georeport.asking import MOST_REQUESTS, Wanted
from gateway.georeport.services import OTHER, load_services
from gateway.georeport.shown import shown, updates
from gateway.ledger import Ledger
from gateway.ledger.published import Audience, PublishedRow, Span, find_published, list_published
from gateway.vault import Erased, Vault

_PAGE = 250


async def list_requests(ledger: Ledger, vault: Vault, audience: Audience, wanted: Wanted) -> list[dict[str, Any]]:
    """The requests that the filter lets through, newest first, at most MOST_REQUESTS."""
    if wanted.ids is not None:
        rows = await ledger.read(find_published, audience, wanted.ids)
        return await asyncio.to_thread(_opened, rows, vault, audience)
    found: list[dict[str, Any]] = []
    async for rows in _pages(ledger, audience, _span(wanted)):
        opened = await asyncio.to_thread(_opened, rows, vault, audience)
        found += [each for each in opened if not wanted.statuses or each["status"] in wanted.statuses]
        if len(found) >= MOST_REQUESTS:
            break
    return found[:MOST_REQUESTS]


async def list_updates(
    ledger: Ledger, vault: Vault, audience: Audience, reports: Wanted, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """What happened from `since` to `until` to the newest requests of the time that `reports` spans, oldest first."""
    told: list[dict[str, Any]] = []
    seen = 0
    async for rows in _pages(ledger, audience, _span(reports)):
        told += await asyncio.to_thread(_told, rows, vault, audience, since, until)
        seen += len(rows)
        if seen >= MOST_REQUESTS:
            break
    return sorted(told, key=lambda each: (each["updated_datetime"], each["update_id"]))


def _span(wanted: Wanted) -> Span:
    known = frozenset(int(code) for code in load_services() if code != OTHER)
    return Span(wanted.since, wanted.until, wanted.categories, known)


async def _pages(ledger: Ledger, audience: Audience, span: Span) -> AsyncIterator[list[PublishedRow]]:
    before: tuple[datetime, UUID] | None = None
    while rows := await ledger.read(list_published, audience, span, before, _PAGE):
        yield rows
        if len(rows) < _PAGE:
            return
        before = (rows[-1].report.received_at, rows[-1].report.id)


def _opened(rows: Iterable[PublishedRow], vault: Vault, audience: Audience) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        try:
            request = shown(row, vault, own=row.report.channel == audience.own)
        except Erased:
            continue  # erased since it was read: it is there for nobody any more
        if request is not None:
            found.append(request)
    return found


def _told(
    rows: Iterable[PublishedRow], vault: Vault, audience: Audience, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    told = []
    for row in rows:
        try:
            told += updates(row, vault, since, until, own=row.report.channel == audience.own)
        except Erased:
            continue  # the same
    return told
