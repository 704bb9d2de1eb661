"""Lists of the ledger, read page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar
from uuid import UUID

PAGE = 500


class Listed(Protocol):
    """A row by whose id the next page is found."""

    @property
    def id(self) -> UUID:
        """The id."""


L = TypeVar("L", bound=Listed)


async def all_pages(read: Callable[[UUID | None, int], Awaitable[list[L]]], limit: int | None = None) -> list[L]:
    """Every row, or the first `limit`. `read` is given the last id of the page before and how many are wanted."""
    found: list[L] = []
    while limit is None or len(found) < limit:
        wanted = PAGE if limit is None else min(PAGE, limit - len(found))
        page = await read(found[-1].id if found else None, wanted)
        found += page
        if len(page) < wanted:
            break
    return found
