"""Changed rules tried on the reports in the ledger: which would move, be left with nobody, or show their reporter."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.config import Config, parse_rules
from gateway.ledger import Ledger
from gateway.route.moves import Move
from gateway.trial import trials
from gateway.vault import Vault

MOST_TRIED = 5_000
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """What changed rules would do. `moves` are the first of `moved`; `whole`: every report was tried."""

    tried: int
    moved: int
    orphaned: int
    shown: int
    moves: tuple[Move, ...]
    whole: bool


async def outlook(ledger: Ledger, vault: Vault, config: Config, routes: str) -> Outlook:
    """Try `routes:` (and `directory:`, where it is given) in YAML. Nothing is written.

    Raises Misconfigured with every problem of the text.
    """
    changed = parse_rules(routes, config)
    tried, moves = 0, []
    async for one in trials(ledger, vault, changed):
        if tried == MOST_TRIED:
            break
        tried += 1
        if one.move is not None:
            moves.append(one.move)
    return Outlook(
        tried,
        len(moves),
        sum(move.is_orphaned for move in moves),
        sum(bool(move.sees_reporter) for move in moves),
        tuple(moves[:_MOST_SHOWN]),
        tried < MOST_TRIED,
    )
