"""Writing what must be written, however long the ledger is away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from schemas.errors import LedgerUnavailable

T = TypeVar("T")
log = structlog.get_logger("gateway.insisting")


async def insist(act: Callable[[], Awaitable[T]]) -> T:
    """Do it until the ledger takes it. What a destination answered is too valuable to lose to a database restart."""
    try:
        return await act()
    except LedgerUnavailable:
        log.warning("ledger.unavailable")

    async def again() -> T:  # tenacity awaits only what is declared async
        return await act()

    retry, wait = retry_if_exception_type(LedgerUnavailable), wait_exponential(multiplier=0.2, max=5)
    return await AsyncRetrying(retry=retry, wait=wait)(again)
