"""Whether a message may come in, and what is said of one that did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

Admit = Callable[[], Awaitable[None]]
"""Returns when a message may come in; raises Overloaded when it may not."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is kept; with `conflict` its id was another content's, and it is not. `urgent`: an emergency."""

    message_id: str
    report_id: UUID
    tracking_code: str
    duplicate: bool
    conflict: bool
    urgent: bool = False


async def admit_all() -> None:
    """No limits."""
