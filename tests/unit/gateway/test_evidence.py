"""A journal is verified as a whole: its log, its rows and what counts as delivered, each counted and each blamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from gateway.evidence import Verification, verify
from gateway.findings import Subject
from gateway.logbook import Batch, Entry, Head, Reach, RecordKind, SignedCheckpoint, pack_entries
from gateway.merkle import Frontier, leaf_hash
from gateway.notes import Checkpoint, Signer, sign_checkpoint
from gateway.stored import AttemptFacts, Bearing, HandoffFacts, Recorded, ResultFacts

ORIGIN = "jurnal.example.go.id/uji"
SIGNER = Signer(ORIGIN, bytes(range(32)))
BEARING = Bearing(UUID(int=99), "sp4n")
ATTEMPT = UUID(int=1)
RECORDS = (b"attempt 1", b"result 1")


def row(kind: RecordKind, record: bytes) -> Recorded:
    return Recorded(kind, 1, 5, ATTEMPT, None if kind is RecordKind.ATTEMPT else "reply", record, leaf_hash(record))


ROWS = {RecordKind.ATTEMPT: row(RecordKind.ATTEMPT, RECORDS[0]), RecordKind.RESULT: row(RecordKind.RESULT, RECORDS[1])}
TREE = Frontier().extended([leaf_hash(record) for record in RECORDS])
ENTRIES = [Entry(0, ATTEMPT.bytes, 5, 1), Entry(1, ATTEMPT.bytes, 5, 1)]
BATCH = Batch(0, 2, pack_entries(ENTRIES), b"".join(map(leaf_hash, RECORDS)), Frontier().encoded())
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 2, TREE.root()), SIGNER)
FACTS = HandoffFacts(
    UUID(int=7),
    BEARING,
    "delivered",
    False,
    "referenced",
    "8123456",
    (AttemptFacts(ATTEMPT, 1, BEARING, (ResultFacts("reply", "delivered", "8123456"),)),),
)


@dataclass
class Given:
    """A journal of one attempt and its result."""

    rows: dict[RecordKind, Recorded] = field(default_factory=lambda: dict(ROWS))
    facts: HandoffFacts = FACTS
    notes: tuple[SignedCheckpoint, ...] = (SignedCheckpoint(2, TREE.root(), datetime(2026, 3, 2, tzinfo=UTC), NOTE),)

    def head(self) -> Head:
        return Head(TREE, Reach(5, 1, 1), Reach(5, 1, 1))

    def batches(self) -> Iterator[Batch]:
        yield BATCH

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        yield from self.notes

    def records(self, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
        return {1: self.rows[kind]} if 1 in seqs else {}

    def find(self, entry: Entry) -> Recorded | None:
        return None

    def bearing(self, attempt_id: UUID) -> Bearing:
        return BEARING

    def pages(self, kind: RecordKind) -> Iterator[tuple[int, int]]:
        yield 0, 1

    def numbers(self, kind: RecordKind, page: int) -> list[int]:
        return [1]

    def strays(self, kind: RecordKind, page: int) -> list[UUID]:
        return []

    def handoffs(self) -> Iterator[HandoffFacts]:
        yield self.facts


def verified(journal: Given, against: Sequence[str] = ()) -> Verification:
    return verify(journal, (SIGNER.verifier,), ORIGIN, against)


def test_an_untouched_journal_is_whole_and_counted() -> None:
    found = verified(Given(), [NOTE])
    assert (found.whole, found.findings) == (True, ())
    assert (found.size, found.root, found.attempts, found.results) == (2, TREE.root(), 1, 1)
    assert (found.batches, found.checkpoints, found.handoffs, found.waiting) == (1, 1, 1, 0)


def test_a_changed_record_and_a_delivery_that_none_explains_are_both_named() -> None:
    changed = replace(ROWS[RecordKind.RESULT], record=b"result 2", leaf=leaf_hash(b"result 2"))
    unexplained = replace(FACTS, attempts=())
    found = verified(Given({**ROWS, RecordKind.RESULT: changed}, unexplained))
    assert not found.whole
    assert found.found == len(found.findings)
    assert {finding.subject for finding in found.findings} == {Subject.RESULT, Subject.HANDOFF}


def test_a_checkpoint_kept_elsewhere_that_does_not_fit_is_named() -> None:
    other = sign_checkpoint(Checkpoint(ORIGIN, 2, leaf_hash(b"another log")), SIGNER)
    assert not verified(Given(), [other]).whole
