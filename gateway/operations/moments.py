"""A moment as pages and commands of this gateway write it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from schemas.base import EARLIEST, LATEST


def exact_moment(text: str) -> datetime | None:
    """A moment to the microsecond with its zone (ISO 8601); None for anything else, or one in which no gateway ran."""
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and EARLIEST <= at < LATEST:
            return at.astimezone(UTC)
    return None
