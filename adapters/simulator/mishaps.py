"""Misbehaviour of simulators that do not speak HTTP: named kinds, each for some of the next deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from adapters.simulator.book import Book
from schemas.errors import Invalid


class OtherSide(Protocol):
    """A simulated destination with a protocol of its own. `taken` counts the deliveries that reached it whole."""

    book: Book
    taken: int

    @property
    def url(self) -> str:
        """Where it listens."""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port; 0 takes a free one."""

    async def stop(self) -> None:
        """Stop listening and drop every connection."""

    async def misbehave(self, *spellings: str) -> None:
        """Put these kinds of misbehaviour in force, in place of those before; none: behave. Raises Invalid."""


class Mishaps:
    """The kinds in force, first come first served. A spelling is a kind, or `kind:times=3`; 0 times is for ever."""

    def __init__(self, kinds: Mapping[str, str], spellings: Iterable[str] = ()) -> None:
        """`kinds` are those that there are, each with what it does. Raises Invalid for any other."""
        self._left: list[tuple[str, int]] = [self._read(kinds, text) for text in spellings]

    def begins_with(self, kind: str) -> bool:
        """Whether the next mishap is of this kind."""
        return bool(self._left) and self._left[0][0] == kind

    def next(self, *wanted: str) -> str | None:
        """The next mishap if it is one of those wanted, counted as having happened."""
        if not self._left or self._left[0][0] not in wanted:
            return None
        kind, times = self._left[0]
        if times == 1:
            self._left.pop(0)
        elif times > 1:
            self._left[0] = (kind, times - 1)
        return kind

    @staticmethod
    def _read(kinds: Mapping[str, str], text: str) -> tuple[str, int]:
        kind, _, setting = text.strip().partition(":")
        times = setting.removeprefix("times=") if setting else "1"
        if kind not in kinds or not times.isdecimal():
            raise Invalid(f"{text!r} is no misbehaviour; choose one of {', '.join(kinds)}, with :times=N if you like")
        return kind, int(times)
