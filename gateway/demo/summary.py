"""What the demonstration came to: the books of the gateway beside the books of the destinations."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gateway.demo.place import PRETENDERS, Place
from gateway.demo.sight import STATES, Sight, Tally, look
from gateway.demo.traffic import WHATSAPP_CHANNEL
from gateway.demo.view import counts_table, status_line
from gateway.ledger import Ledger
from gateway.ledger.deliveries import newest_delivery

TAKEN = "taken there"
_PIPE_WIDTH = 160
_MESSAGES = frozenset({"message"})
_CASES = frozenset({"complaint", "followup", "case", "addition", "withdrawal"})
"""The kinds of entries that one handoff each leads to; files and passing on are steps on the way."""


async def summarize(place: Place, tally: Tally) -> bool:
    """Print the summary. Returns whether the books balance; True when there is no ledger yet."""
    if not (place.folder / "ledger.sqlite").exists():
        return True
    ledger = await Ledger.open(place.ledger_url)
    try:
        if await ledger.schema_version() is None:
            return True
        sight = await look(ledger, await ledger.read(newest_delivery))
    finally:
        await ledger.close()
    _print(sight, tally, place)
    return sight.balanced


def _print(sight: Sight, tally: Tally, place: Place) -> None:
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    counts = sight.by_destination()
    for pretender in PRETENDERS:
        counts.setdefault(pretender.name, Counter())[TAKEN] = _taken(place, pretender.name)
    counts.setdefault(f"@{WHATSAPP_CHANNEL}", Counter())[TAKEN] = _entries(place.told, _MESSAGES)
    console.print(Text(status_line(sight, tally), style="green" if sight.balanced else "bold red"))
    console.print(counts_table("Pembukuan / Books", "destination", counts, (*STATES, TAKEN)))
    answers = ", ".join(f"{answer}: {count}" for answer, count in sorted(tally.answers.items()))
    console.print(Text(f"Jawaban gateway / The gateway answered: {answers or '-'}"))
    console.print(Text(f"Data: {place.folder}. Selanjutnya / Next: sp4n-gateway --config {place.config} verify"))


def _taken(place: Place, name: str) -> int:
    """How many cases, and later messages about them, stand in a destination's own book."""
    pretender = next(each for each in PRETENDERS if each.name == name)
    return _entries(place.book(pretender), _CASES)


def _entries(book: Path, kinds: frozenset[str]) -> int:
    try:
        lines = book.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return 0
    return sum(json.loads(line)["kind"] in kinds for line in lines)
