"""What a process does now and then beside its own work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Act = Callable[[], Awaitable[None]]
"""One round of a chore."""
Chore = tuple[str, float, Act]
"""Its name, the seconds between two rounds, and what is done."""
