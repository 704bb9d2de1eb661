"""What a report's sender did before. It counts softly, and never alone; of somebody unknown nothing counts."""

from __future__ import annotations

from gateway.screen.base import Sight, count
from gateway.screen.past import Past
from gateway.screen.reading import Reading

_MANY, _VERY_MANY = 10, 30
_OFTEN = 3
_NOTHING = Past()


def flooding_sender(reading: Reading) -> Sight | None:
    """Many reports of one sender within the hour."""
    recent = (reading.past or _NOTHING).recent
    if recent < _MANY:
        return None
    return Sight(0.3 if recent < _VERY_MANY else 0.5, f"its sender sent {recent} reports within the hour before")


def junk_before(reading: Reading) -> Sight | None:
    """People gave up what its sender sent before, and more of it than was handed on."""
    past = reading.past or _NOTHING
    if past.junk < _OFTEN or past.junk <= past.genuine:
        return None
    return Sight(0.2, f"{count(past.junk, 'report')} of its sender were given up as none before")


def genuine_before(reading: Reading) -> Sight | None:
    """What its sender sent before was handed on, and nothing of it was given up."""
    past = reading.past or _NOTHING
    if past.genuine < _OFTEN or past.junk:
        return None
    return Sight(0.1, f"{count(past.genuine, 'report')} of its sender were handed on before")
