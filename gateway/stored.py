"""What a verification reads: rows of the ledger as values, and where it gets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from gateway.logbook import Batch, Entry, Head, RecordKind, SignedCheckpoint
from schemas.handoff import OutcomeKind, ResultSource


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of attempts or results. `record`: its canonical bytes, made anew from its columns; `leaf`: as stored."""

    kind: RecordKind
    seq: int
    tx: int
    attempt_id: UUID
    source: str | None
    record: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Bearing:
    """Which report an attempt is about, and where it went."""

    report_id: UUID
    destination: str


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What a result says about its handoff. `reference` is the one in its receipt."""

    source: str
    outcome: str
    reference: str | None

    @property
    def delivers(self) -> bool:
        """Whether it says that the step was done."""
        return self.outcome == OutcomeKind.DELIVERED

    @property
    def by_person(self) -> bool:
        """Whether a person said so."""
        return self.source == ResultSource.OPERATOR

    @property
    def took_back(self) -> bool:
        """Whether it says that what had been delivered came back."""
        return self.source == ResultSource.BOUNCE


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt with what came of it. `channel` is the one that the log finds it under; None: none was noted."""

    id: UUID
    number: int
    bearing: Bearing
    results: tuple[ResultFacts, ...]
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class HandoffFacts:
    """A handoff with its attempts in the order of their numbers. `in_hand`: a worker is at it now.

    `channel` is its report's; None: the report is not there.
    """

    id: UUID
    bearing: Bearing
    state: str
    in_hand: bool
    evidence: str | None
    reference: str | None
    attempts: tuple[AttemptFacts, ...]
    channel: str | None = None


class Journal(Protocol):
    """The journal and the rows that it is about, read in pieces and at one moment."""

    def head(self) -> Head | None:
        """Where the log ends. None: nothing was logged yet. Raises Tampered when it is damaged."""

    def batches(self) -> Iterator[Batch]:
        """All batches in order."""

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        """All checkpoints in order of size."""

    def records(self, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
        """The rows at these numbers, as far as there are any; None for one that cannot be read as what it should be."""

    def find(self, entry: Entry) -> Recorded | None:
        """The row of an entry by its id, wherever it stands."""

    def bearing(self, attempt_id: UUID) -> Bearing | None:
        """What an attempt is about; None when there is none of this id."""

    def pages(self, kind: RecordKind) -> Iterator[tuple[int, int]]:
        """How many rows there are in each page of numbers (gateway.numbers.PAGE), as pairs of page and count."""

    def numbers(self, kind: RecordKind, page: int) -> list[int]:
        """The numbers of all rows of a page."""

    def strays(self, kind: RecordKind, page: int) -> list[UUID]:
        """Attempts of a page whose handoff is not there, or results whose attempt is not."""

    def handoffs(self) -> Iterator[HandoffFacts]:
        """All handoffs with their attempts and results. Raises ValueError and the like at a damaged one."""
