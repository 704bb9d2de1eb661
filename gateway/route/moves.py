"""What changed rules would do to reports that were routed before. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A report that other rules send elsewhere. `sees_reporter`: new destinations that would be told who reports."""

    tracking_code: str
    channel: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    sees_reporter: tuple[str, ...]

    @property
    def gained(self) -> tuple[str, ...]:
        """Destinations that it did not go to."""
        return tuple(name for name in self.after if name not in self.before)

    @property
    def lost(self) -> tuple[str, ...]:
        """Destinations that it would not go to any more."""
        return tuple(name for name in self.before if name not in self.after)

    @property
    def is_orphaned(self) -> bool:
        """Whether nobody would get it."""
        return not self.after


def move_of(
    code: str,
    channel: str,
    before: Collection[str],
    after: Collection[str],
    *,
    may_be_named: bool,
    asks_identity: Collection[str],
) -> Move | None:
    """How a report moves; None when it stays. `may_be_named`: it has a reporter who did not ask to stay unnamed."""
    if set(before) == set(after):
        return None
    gained = [name for name in after if name not in before]
    sees = tuple(name for name in gained if may_be_named and name in asks_identity)
    return Move(code, channel, tuple(sorted(before)), tuple(sorted(after)), sees)


def failed(moves: Iterable[Move], gates: Collection[str]) -> bool:
    """Whether one of these must not happen: `moved`, `orphaned`, `identity`."""
    return any(_fails(move, gates) for move in moves)


def _fails(move: Move, gates: Collection[str]) -> bool:
    found = {"moved": True, "orphaned": move.is_orphaned, "identity": bool(move.sees_reporter)}
    return any(found[gate] for gate in gates)
