"""Verification of the log itself: batches join without a gap, and grow the tree that every checkpoint signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.findings import Finding, Findings, Problem, Subject
from gateway.logbook import Batch, Entry, Head, Reach, RecordKind, SignedCheckpoint
from gateway.merkle import Frontier
from gateway.notes import Checkpoint, InvalidNote, Verifier, open_checkpoint
from gateway.stored import Journal
from schemas.errors import Tampered

Placed = tuple[int, Entry, bytes]
"""A place in the log, the entry there and its leaf."""


class LogWalk:
    """Walks the batches in order. `tree` is None while it cannot be known, until a signed checkpoint vouches again."""

    def __init__(self, journal: Journal, trusted: tuple[Verifier, ...], origin: str, findings: Findings) -> None:
        self.position = 0
        self.tree: Frontier | None = Frontier()
        self.batches = 0
        self.checkpoints = 0
        self.head = _head(journal, findings)
        self._trusted = trusted
        self._origin = origin
        self._findings = findings
        self._signed = _Signed(journal.checkpoints())
        self._vouched: Checkpoint | None = None
        self._kept: list[Checkpoint] = []
        self._order = {kind: Reach() for kind in RecordKind}

    def expect(self, notes: Sequence[str]) -> None:
        """Checkpoints that were kept elsewhere: the log must continue each of them."""
        for note in notes:
            try:
                self._kept.append(open_checkpoint(note, self._trusted, self._origin))
            except InvalidNote as error:
                self._add(
                    Problem.UNSIGNED, Subject.CHECKPOINT, f"The checkpoint kept elsewhere is not this log's: {error}."
                )
        self._kept.sort(key=lambda checkpoint: checkpoint.size)
        self._compare(0)

    def take(self, batch: Batch) -> list[Placed]:
        """Join the next batch. Returns its entries with their places; none when it cannot be read."""
        self.batches += 1
        self._join(batch)
        self.position = batch.start + batch.size
        try:
            unpacked = batch.unpacked()
        except ValueError as error:
            self._add(Problem.ALTERED, Subject.BATCH, f"The batch at position {batch.start} is damaged: {error}.")
            self.tree = None
            self._check_signed(self.position, [])
            return []
        self._check_order(batch.start, [entry for entry, _ in unpacked])
        self._check_signed(self.position, [leaf for _, leaf in unpacked])
        return [(batch.start + at, entry, leaf) for at, (entry, leaf) in enumerate(unpacked)]

    def finish(self) -> None:
        """Check that nothing was cut off, and that the head is where the log ends."""
        for checkpoint in self._signed.rest():
            if self._opened(checkpoint) is None:
                continue
            self._add(
                Problem.MISSING,
                Subject.BATCH,
                f"There is a checkpoint for {checkpoint.size} records, but the log ends after {self.position}.",
            )
        for kept in self._kept:
            self._add(
                Problem.CUT_OFF,
                Subject.LOG,
                f"A checkpoint kept elsewhere vouches for {kept.size} records, but the log ends after {self.position}.",
            )
        self._check_head()

    # ---------------------------------------------------------------------------------------------------------- joining

    def _join(self, batch: Batch) -> None:
        if batch.start > self.position:
            gap = f"The batches from position {self.position} to {batch.start - 1} are missing from the log."
            self._add(Problem.MISSING, Subject.BATCH, gap, self.position)
            self.tree = None
            self._check_signed(batch.start, [])
        elif batch.start < self.position:
            overlap = f"The batch at position {batch.start} begins before the end of the one before it."
            self._add(Problem.ALTERED, Subject.BATCH, overlap, batch.start)
        self._resume(batch, joined=batch.start == self.position)

    def _resume(self, batch: Batch, *, joined: bool) -> None:
        """Go on from the computed tree, or from the batch's own note of it where a signature vouches for that."""
        try:
            noted = batch.tree_before()
        except ValueError:
            noted = None
        if joined and self.tree is not None and self.tree == noted:
            return
        if noted is not None and self._vouched == Checkpoint(self._origin, noted.size, noted.root()):
            self.tree = noted
            return
        if not joined or self.tree is None:
            self.tree = None
            return
        wrong = f"The tree noted with the batch at position {batch.start} is not the one that it was appended to."
        self._add(Problem.ALTERED, Subject.BATCH, wrong, batch.start)

    def _check_order(self, start: int, entries: Sequence[Entry]) -> None:
        """Records of a kind are logged as they were committed; a number above all before may begin a new order."""
        for at, entry in enumerate(entries):
            last = self._order[entry.kind]
            if (entry.tx, entry.seq) <= (last.tx, last.seq) and entry.seq <= last.top:
                said = f"The {entry.kind} at position {start + at} of the log stands behind one recorded after it."
                subject = Subject(entry.kind.value)
                self._findings.add(Finding(Problem.MOVED, subject, said, entry.attempt_id, position=start + at))
            self._order[entry.kind] = Reach(entry.tx, entry.seq, max(last.top, entry.seq))

    # ------------------------------------------------------------------------------------------------------ checkpoints

    def _check_signed(self, end: int, leaves: Sequence[bytes]) -> None:
        """Grow the tree to `end`, comparing it with every checkpoint on the way; there must be one at the end."""
        start = end - len(leaves)
        done, found = 0, False
        sizes = sorted({checkpoint.size for checkpoint in self._kept if start < checkpoint.size <= end} | {end})
        for size in self._signed.sizes_up_to(end, sizes):
            if self.tree is not None and size > start:
                self.tree = self.tree.extended(leaves[done : size - start])
                done = size - start
            for checkpoint in self._signed.at(size):
                found = found or size == end
                self._check_checkpoint(checkpoint)
            self._compare(size)
        if not found:
            self._add(Problem.MISSING, Subject.CHECKPOINT, f"The checkpoint for {end} records is missing.", end)

    def _opened(self, stored: SignedCheckpoint) -> Checkpoint | None:
        """What the note of a stored checkpoint says; None when nobody signed it, or for another size."""
        self.checkpoints += 1
        try:
            signed = open_checkpoint(stored.note, self._trusted, self._origin)
        except InvalidNote as error:
            said = f"The checkpoint for {stored.size} records is not validly signed: {error}."
            self._add(Problem.UNSIGNED, Subject.CHECKPOINT, said, stored.size)
            return None
        if (signed.size, signed.root) != (stored.size, stored.root):
            said = f"The checkpoint stored for {stored.size} records is not what its signed note says."
            self._add(Problem.ALTERED, Subject.CHECKPOINT, said, stored.size)
        return signed if signed.size == stored.size else None

    def _check_checkpoint(self, stored: SignedCheckpoint) -> None:
        signed = self._opened(stored)
        if signed is None:
            return
        if self.tree is not None and self.tree.size == signed.size and self.tree.root() != signed.root:
            since = self._vouched.size if self._vouched else 0
            said = (
                f"The log's leaves do not give the root that was signed for {signed.size} records: one of those at "
                f"positions {since} to {signed.size - 1} was changed."
            )
            self._add(Problem.ALTERED, Subject.BATCH, said, since)
        self._vouched = signed

    def _compare(self, size: int) -> None:
        """Compare with the checkpoints of this size that were kept elsewhere."""
        while self._kept and self._kept[0].size <= size:
            kept = self._kept.pop(0)
            if self.tree is not None and self.tree.size == kept.size and self.tree.root() != kept.root:
                said = f"The log is not the one that a checkpoint kept elsewhere vouches for at {kept.size} records."
                self._add(Problem.ALTERED, Subject.LOG, said, kept.size)

    # ------------------------------------------------------------------------------------------------------------- head

    def _check_head(self) -> None:
        if self.head is None:
            if self.position:
                self._add(Problem.MISSING, Subject.LOG, "The head of the log is missing.")
            return
        if self.head.tree.size != self.position or (self.tree is not None and self.head.tree != self.tree):
            said = f"The head of the log, for {self.head.tree.size} records, does not fit its {self.position} records."
            self._add(Problem.ALTERED, Subject.LOG, said)
        for kind, reach in ((RecordKind.ATTEMPT, self.head.attempts), (RecordKind.RESULT, self.head.results)):
            last = self._order[kind]
            place = (last.tx, last.seq) if last.seq > reach.base else (0, 0)
            if (reach.tx, reach.seq, reach.top) != (*place, last.top):
                said = f"The head of the log names another {kind} as the last one logged than the log itself."
                self._add(Problem.ALTERED, Subject.LOG, said)

    def _add(self, problem: Problem, subject: Subject, sentence: str, position: int | None = None) -> None:
        self._findings.add(Finding(problem, subject, sentence, position=position))


class _Signed:
    """The stored checkpoints, taken in step with the log."""

    def __init__(self, checkpoints: Iterator[SignedCheckpoint]) -> None:
        self._checkpoints = checkpoints
        self._next = next(checkpoints, None)

    def sizes_up_to(self, end: int, others: Sequence[int]) -> Iterator[int]:
        """All sizes up to `end` in order: those of the checkpoints, and the others."""
        waiting = list(others)
        while waiting or (self._next is not None and self._next.size <= end):
            size = min(([self._next.size] if self._next else []) + waiting[:1])
            if waiting and waiting[0] == size:
                waiting.pop(0)
            yield size

    def at(self, size: int) -> Iterator[SignedCheckpoint]:
        """The checkpoints of this size."""
        while self._next is not None and self._next.size <= size:
            yield self._next
            self._next = next(self._checkpoints, None)

    def rest(self) -> Iterator[SignedCheckpoint]:
        """All that are left."""
        if self._next is not None:
            yield self._next
            yield from self._checkpoints


def _head(journal: Journal, findings: Findings) -> Head | None:
    try:
        return journal.head()
    except Tampered as error:
        findings.add(Finding(Problem.ALTERED, Subject.LOG, f"The log's head cannot be read: {error.detail}."))
        return None
