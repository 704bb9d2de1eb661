"""What the log is made of, as values: entries, batches, checkpoints and its head.

An entry says which row of the ledger a leaf belongs to. Entries and leaves are kept packed, many to a batch.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from gateway.merkle import Frontier, decode_frontier, split_hashes
from schemas.handoff import ResultSource

_ENTRY = struct.Struct(">B16sqq")
_SOURCES = {
    1: ResultSource.REPLY,
    2: ResultSource.REAPER,
    3: ResultSource.LATE,
    4: ResultSource.OPERATOR,
    5: ResultSource.BOUNCE,
}
_CODES = {source.value: code for code, source in _SOURCES.items()}
_ATTEMPT_CODE = 0


class RecordKind(StrEnum):
    """What a leaf of the log stands for."""

    ATTEMPT = "attempt"
    RESULT = "result"


class Entry(NamedTuple):
    """Which row a leaf belongs to. `code` tells kind and source of the record, `ident` is the attempt's id.

    `tx` and `seq` are the row's place in the ledger when it was logged.
    """

    code: int
    ident: bytes
    tx: int
    seq: int

    @property
    def kind(self) -> RecordKind:
        """Attempt or result."""
        return RecordKind.RESULT if self.code else RecordKind.ATTEMPT

    @property
    def attempt_id(self) -> UUID:
        """The attempt that it is, or is the result of."""
        return UUID(bytes=self.ident)

    @property
    def source(self) -> str | None:
        """Who recorded the result; None for an attempt, and for a code that no gateway writes."""
        source = _SOURCES.get(self.code)
        return source.value if source else None


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of leaves as it is stored. `frontier` are the full subtrees before its first leaf."""

    start: int
    size: int
    entries: bytes
    leaves: bytes
    frontier: bytes

    def unpacked(self) -> list[tuple[Entry, bytes]]:
        """Every entry with its leaf. Raises ValueError when the pieces do not fit the size."""
        leaves = split_hashes(self.leaves)
        if len(leaves) != self.size or len(self.entries) != self.size * _ENTRY.size:
            raise ValueError("entries and leaves do not fit the size")
        return list(zip(unpack_entries(self.entries), leaves, strict=True))

    def tree_before(self) -> Frontier:
        """The tree that it was appended to. Raises ValueError when the nodes do not fit."""
        return decode_frontier(self.start, self.frontier)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it is stored: the signed note, and size and root beside it to search by."""

    size: int
    root: bytes
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the log has come in one table: the place of the last row logged, and the highest `seq` of any.

    `base` is what `top` was when the database last moved to a cluster that counts transactions anew: rows up to it are
    logged, whatever their `tx`.
    """

    tx: int = 0
    seq: int = 0
    top: int = 0
    base: int = 0

    def covers(self, tx: int, seq: int) -> bool:
        """Whether a row at this place should be in the log."""
        return seq <= self.base or (seq <= self.top and (tx, seq) <= (self.tx, self.seq))


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends, and how far it has come in the two tables."""

    tree: Frontier
    attempts: Reach
    results: Reach


def code_of(source: str | None) -> int:
    """The code of a result's source, or of an attempt for None. Raises KeyError for a source that no gateway writes."""
    return _ATTEMPT_CODE if source is None else _CODES[source]


def pack_entries(entries: Iterable[Entry]) -> bytes:
    """Entries in one piece."""
    return b"".join(_ENTRY.pack(*entry) for entry in entries)


def unpack_entries(packed: bytes) -> Iterator[Entry]:
    """Entries out of one piece. Raises ValueError for a broken piece."""
    if len(packed) % _ENTRY.size:
        raise ValueError("the entries are no whole number of entries")
    return map(Entry._make, _ENTRY.iter_unpack(packed))
