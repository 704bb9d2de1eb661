"""How long somebody must wait who failed to sign in: longer with each failure, for a name and for an address."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_OF_A_NAME = 5
"""So many slips in a row cost nothing."""
FREE_OF_AN_ADDRESS = 20
"""An office behind one address slips more often."""
_FIRST = timedelta(seconds=15)
LONGEST = timedelta(minutes=15)
_DOUBLINGS = 6


def allowed_at(failures: int, last_at: datetime, free: int) -> datetime:
    """When the next try is looked at: at once while there are free ones, then 15 s, 30 s, … 15 minutes after it."""
    over = failures - free
    if over < 0:
        return last_at
    doubled: int = 1 << min(over, _DOUBLINGS)
    return last_at + min(_FIRST * doubled, LONGEST)
