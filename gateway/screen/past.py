"""What is known of a report's sender: counts of earlier reports through the same channel, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

LATELY = timedelta(hours=1)
"""Reports within so long tell of a flood."""
REMEMBERED = timedelta(days=90)
"""What is older counts for nothing."""
MOST = 100
"""So many of a sender's reports are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Past:
    """A sender's reports before this one: how many came lately, how many a person gave up as none.

    `genuine` are those that passed screening, or that a person let go on; not those that only time let go on.
    """

    recent: int = 0
    genuine: int = 0
    junk: int = 0
