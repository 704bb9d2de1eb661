"""What a check is, and what it may do to a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from gateway.screen.reading import Reading


class Effect(Enum):
    """What a check that fires does to the verdict."""

    CLEAR = "clear"
    """It is never held, and accepted unless what was learned and a check that holds both contradict."""
    KEEP = "keep"
    """It speaks for a report: its weight is taken from what speaks against."""
    ASK = "ask"
    """Something essential is missing."""
    HOLD = "hold"
    """It speaks for no report at all."""
    BESIDE = "beside"
    """It is added to what speaks for no report, where another check says so; alone it is nothing."""
    JUDGE = "judge"
    """How likely it is no report, all in all: it alone may ask, and with a check that holds it may hold."""
    NOTE = "note"
    """Told to whoever handles the report; it changes no verdict."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a check saw: its weight from 0 to 1, and the reason in words without report text or identity."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table. `missing` names what the reporter is asked for."""

    name: str
    effect: Effect
    look: Callable[[Reading], Sight | None]
    missing: tuple[str, ...] = ()


def count(number: int, noun: str) -> str:
    """`1 sign`, `2 signs`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
