"""The log must grow without a gap, and wherever it is broken the verification finds its feet again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest

from gateway.evidence_log import LogWalk
from gateway.findings import Findings, Problem, Subject
from gateway.logbook import Batch, Entry, Head, Reach, SignedCheckpoint, pack_entries
from gateway.merkle import Frontier, leaf_hash
from gateway.notes import Checkpoint, Signer, sign_checkpoint
from gateway.stored import Journal
from schemas.errors import Tampered

ORIGIN = "jurnal.example.go.id/uji"
SIGNER = Signer(ORIGIN, bytes(range(32)))
LEAVES = [leaf_hash(bytes([number])) for number in range(12)]
AT = datetime(2026, 3, 2, tzinfo=UTC)


def tree(size: int, leaves: Sequence[bytes] = LEAVES) -> Frontier:
    return Frontier().extended(leaves[:size])


def batch(start: int, end: int) -> Batch:
    entries = [Entry(0, number.to_bytes(16), 5, number + 1) for number in range(start, end)]
    before = tree(start).encoded()
    return Batch(start, end - start, pack_entries(entries), b"".join(LEAVES[start:end]), before)


def note(size: int, root: bytes | None = None) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, size, root or tree(size).root()), SIGNER)


def stored(size: int) -> SignedCheckpoint:
    return SignedCheckpoint(size, tree(size).root(), AT, note(size))


BATCHES = (batch(0, 3), batch(3, 7), batch(7, 8), batch(8, 12))
CHECKPOINTS = (stored(3), stored(7), stored(8), stored(12))
HEAD = Head(tree(12), Reach(5, 12, 12), Reach())


class Given:
    """The log's tables, and nothing else of a journal."""

    def __init__(self, checkpoints: Sequence[SignedCheckpoint], head: Head | Tampered | None) -> None:
        self._checkpoints = checkpoints
        self._head = head

    def head(self) -> Head | None:
        if isinstance(self._head, Tampered):
            raise self._head
        return self._head

    def checkpoints(self) -> Iterator[SignedCheckpoint]:
        return iter(self._checkpoints)


def walked(
    batches: Sequence[Batch] = BATCHES,
    checkpoints: Sequence[SignedCheckpoint] = CHECKPOINTS,
    head: Head | Tampered | None = HEAD,
    against: Sequence[str] = (),
) -> tuple[LogWalk, list[tuple[Problem, Subject, int | None]]]:
    findings = Findings()
    walk = LogWalk(cast("Journal", Given(checkpoints, head)), (SIGNER.verifier,), ORIGIN, findings)
    walk.expect(against)
    for each in batches:
        walk.take(each)
    walk.finish()
    return walk, [(finding.problem, finding.subject, finding.position) for finding in findings.kept]


def test_an_untouched_log_is_walked_to_its_end() -> None:
    walk, findings = walked()
    assert findings == []
    assert (walk.position, walk.tree, walk.batches, walk.checkpoints) == (12, tree(12), 4, 4)


def test_a_stored_checkpoint_that_says_something_else_than_its_note_is_named() -> None:
    changed = replace(stored(7), root=tree(8).root())
    findings = walked(checkpoints=(stored(3), changed, stored(8), stored(12)))[1]
    assert findings == [(Problem.ALTERED, Subject.CHECKPOINT, 7)]


def test_a_stored_checkpoint_that_nobody_signed_vouches_for_nothing() -> None:
    findings = walked(checkpoints=(stored(3), replace(stored(7), note="not a note"), stored(8), stored(12)))[1]
    assert findings == [(Problem.UNSIGNED, Subject.CHECKPOINT, 7)]


def test_an_empty_log_is_fine() -> None:
    assert walked((), (), None)[1] == []
    assert walked((), (), Head(Frontier(), Reach(), Reach()))[1] == []


def test_after_a_missing_batch_the_next_signed_checkpoint_vouches_for_the_tree_again() -> None:
    walk, findings = walked((BATCHES[0], BATCHES[2], BATCHES[3]))
    assert findings == [(Problem.MISSING, Subject.BATCH, 3)]
    assert walk.tree == tree(12)


def test_without_a_checkpoint_that_vouches_the_tree_stays_unknown_until_there_is_one() -> None:
    walk, findings = walked((BATCHES[0], BATCHES[2], BATCHES[3]), (CHECKPOINTS[0], *CHECKPOINTS[2:]))
    assert findings == [(Problem.MISSING, Subject.BATCH, 3), (Problem.MISSING, Subject.CHECKPOINT, 7)]
    assert walk.tree == tree(12)


def test_a_batch_that_begins_too_early_is_found() -> None:
    overlapping = replace(BATCHES[1], start=2)
    assert (Problem.ALTERED, Subject.BATCH, 2) in walked((BATCHES[0], overlapping, *BATCHES[2:]))[1]


def test_a_batch_that_cannot_be_unpacked_is_found_and_the_rest_is_verified() -> None:
    damaged = replace(BATCHES[1], leaves=BATCHES[1].leaves[:-1])
    walk, findings = walked((BATCHES[0], damaged, *BATCHES[2:]))
    assert findings == [(Problem.ALTERED, Subject.BATCH, None)]
    assert walk.tree == tree(12)


@pytest.mark.parametrize("frontier", [b"", b"\0", LEAVES[0] * 2, LEAVES[0] * 3])
def test_a_wrong_note_of_the_tree_before_a_batch_is_found(frontier: bytes) -> None:
    assert walked((BATCHES[0], replace(BATCHES[1], frontier=frontier), *BATCHES[2:]))[1] == [
        (Problem.ALTERED, Subject.BATCH, 3)
    ]


def test_a_changed_leaf_is_told_once_and_does_not_spoil_what_comes_after() -> None:
    changed = replace(BATCHES[1], leaves=leaf_hash(b"lain") + BATCHES[1].leaves[32:])
    walk, findings = walked((BATCHES[0], changed, *BATCHES[2:]))
    assert findings == [(Problem.ALTERED, Subject.BATCH, 3)]
    assert walk.tree == tree(12)


def test_checkpoints_beyond_the_end_are_found() -> None:
    findings = walked(BATCHES[:3], head=Head(tree(8), Reach(5, 8, 8), Reach()))[1]
    assert findings == [(Problem.MISSING, Subject.BATCH, None)]


def test_checkpoints_kept_elsewhere_are_compared_within_a_batch_too() -> None:
    assert walked(against=[note(size) for size in (12, 5, 7, 1, 3, 9)])[1] == []
    assert walked(against=[note(5, bytes(32))])[1] == [(Problem.ALTERED, Subject.LOG, 5)]
    assert walked(against=[note(7, bytes(32))])[1] == [(Problem.ALTERED, Subject.LOG, 7)]
    assert walked(against=[note(13, bytes(32))])[1] == [(Problem.CUT_OFF, Subject.LOG, None)]
    assert walked(against=["apa saja"])[1] == [(Problem.UNSIGNED, Subject.CHECKPOINT, None)]


@pytest.mark.parametrize(
    "head",
    [
        None,
        Tampered("a tree of 12 leaves cannot have 1 full subtrees"),
        replace(HEAD, tree=tree(11)),
        replace(HEAD, tree=Frontier(12, (LEAVES[0], LEAVES[1]))),
        replace(HEAD, attempts=Reach(5, 11, 12)),
        replace(HEAD, attempts=Reach(5, 12, 13)),
        replace(HEAD, results=Reach(1, 1, 1)),
    ],
)
def test_a_head_that_does_not_fit_is_found(head: Head | Tampered | None) -> None:
    assert {subject for _, subject, _ in walked(head=head)[1]} == {Subject.LOG}


def test_a_record_behind_one_that_was_committed_later_is_found() -> None:
    entries = [Entry(0, number.to_bytes(16), 5, number + 1) for number in (1, 0, 2)]
    swapped = replace(BATCHES[0], entries=pack_entries(entries))
    assert walked((swapped, *BATCHES[1:]))[1] == [(Problem.MOVED, Subject.ATTEMPT, 1)]


def test_a_checkpoint_within_a_batch_is_compared_too() -> None:
    assert walked(checkpoints=(CHECKPOINTS[0], stored(5), *CHECKPOINTS[1:]))[1] == []
    wrong = SignedCheckpoint(5, bytes(32), AT, note(5, bytes(32)))
    assert walked(checkpoints=(CHECKPOINTS[0], wrong, *CHECKPOINTS[1:]))[1] == [(Problem.ALTERED, Subject.BATCH, 3)]


def test_a_checkpoint_that_says_something_else_than_its_note_is_found() -> None:
    other = replace(CHECKPOINTS[1], root=bytes(32))
    assert walked(checkpoints=(CHECKPOINTS[0], other, *CHECKPOINTS[2:]))[1] == [
        (Problem.ALTERED, Subject.CHECKPOINT, 7)
    ]


def test_an_unsigned_checkpoint_beyond_the_end_says_nothing_of_the_log() -> None:
    beyond = SignedCheckpoint(13, bytes(32), AT, "apa saja")
    assert walked(checkpoints=(*CHECKPOINTS, beyond))[1] == [(Problem.UNSIGNED, Subject.CHECKPOINT, 13)]
