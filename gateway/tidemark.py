"""How far a ledger was once seen to have come, and whether it stands further back now: then it was put back.

A ledger only grows: its journal gets longer, attempts get higher numbers, no report goes. Whoever remembers outside it
how far it had come can tell that it is an older one, which it cannot tell by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True)
class Mark:
    """How far it was seen. `ledger` tells ledgers' addresses apart; `size` and `root` are of the signed journal.

    `attempts` is the highest number of an attempt, `report` the last report; `at` is by the ledger's clock.
    """

    ledger: str
    size: int
    root: bytes
    attempts: int
    report: UUID | None
    at: datetime


class Tide(NamedTuple):
    """How it stands now, and what it knows of a mark.

    `root_then` is its journal's root at the mark's size, None where no checkpoint has just that; `knows_report`:
    whether the mark's report is there; `restored_at`: when somebody last said that it went back.
    """

    size: int
    root: bytes
    attempts: int
    report: UUID | None
    root_then: bytes | None
    knows_report: bool
    restored_at: datetime | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept in it."""
        return self.report is None and not self.size and not self.attempts


def went_back(mark: Mark | None, tide: Tide, ledger: str) -> str | None:
    """Why it must be an older one, in words; None when it is not, or when somebody has said so since.

    An empty one at another address is a new one: somebody has moved from a trial to production.
    """
    if mark is None or (tide.restored_at is not None and tide.restored_at > mark.at):
        return None
    if tide.is_empty and mark.ledger != ledger:
        return None
    if tide.size < mark.size:
        return f"its journal has {tide.size} records, and had {mark.size}"
    if tide.root_then is not None and tide.root_then != mark.root:
        return f"the first {mark.size} records of its journal are others than they were"
    if tide.attempts < mark.attempts:
        return f"its last attempt has the number {tide.attempts}, and one had {mark.attempts}"
    if not tide.knows_report:
        return "the last report that was kept in it is not there"
    return None


def mark_of(tide: Tide, ledger: str, at: datetime) -> Mark:
    """The mark to remember."""
    return Mark(ledger, tide.size, tide.root, tide.attempts, tide.report, at)


def encoded(mark: Mark) -> bytes:
    """The mark as it is written down."""
    document = {
        "ledger": mark.ledger,
        "size": mark.size,
        "root": mark.root.hex(),
        "attempts": mark.attempts,
        "report": str(mark.report) if mark.report else None,
        "at": mark.at.isoformat(),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def decoded(text: bytes) -> Mark:
    """The mark that was written down. Raises ValueError for anything else."""
    try:
        found: dict[str, Any] = orjson.loads(text)
        report = UUID(found["report"]) if found["report"] else None
        at = datetime.fromisoformat(found["at"])
        mark = Mark(
            found["ledger"], int(found["size"]), bytes.fromhex(found["root"]), int(found["attempts"]), report, at
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("this is no mark of a ledger") from error
    if mark.at.tzinfo is None:
        raise ValueError("the time of the mark has no zone")
    return mark
