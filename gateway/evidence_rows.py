"""Verification of the rows: each gives the leaf that was logged at its place, none is missing, none was put in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.evidence_log import Placed
from gateway.findings import Finding, Findings, Problem, Subject, named
from gateway.logbook import Entry, Head, RecordKind
from gateway.merkle import leaf_hash
from gateway.numbers import Numbers
from gateway.stored import Journal, Recorded

_CHUNK = 1000


class RowCheck:
    """Compares rows with the log's entries, remembering a bit for each row that it saw."""

    def __init__(self, journal: Journal, findings: Findings) -> None:
        self.attempts = 0
        self.results = 0
        self.waiting = 0
        self._journal = journal
        self._findings = findings
        self._seen = {kind: Numbers() for kind in RecordKind}

    def check(self, placed: Sequence[Placed]) -> None:
        """Compare the rows of these entries."""
        for start in range(0, len(placed), _CHUNK):
            chunk = placed[start : start + _CHUNK]
            for kind in RecordKind:
                of_kind = [place for place in chunk if place[1].kind is kind]
                rows = self._journal.records(kind, [entry.seq for _, entry, _ in of_kind]) if of_kind else {}
                for position, entry, leaf in of_kind:
                    self._check_row(position, entry, leaf, rows)

    def finish(self, head: Head | None) -> None:
        """Look for rows that are in no entry: those behind the log's head were put in, the others wait to be logged."""
        for kind in RecordKind:
            for page, count in self._journal.pages(kind):
                if count != self._seen[kind].in_page(page):
                    self._check_page(kind, page, head)
                for attempt_id in self._journal.strays(kind, page):
                    self._tell_stray(kind, attempt_id)

    # ------------------------------------------------------------------------------------------------------ logged rows

    def _check_row(self, position: int, entry: Entry, leaf: bytes, rows: dict[int, Recorded | None]) -> None:
        if entry.kind is RecordKind.ATTEMPT:
            self.attempts += 1
        else:
            self.results += 1
        if entry.seq not in rows:
            self._check_absent(position, entry)
            return
        if not self._seen[entry.kind].add(entry.seq):
            self._tell(Problem.ADDED, entry, position, "is in the log twice")
        row = rows[entry.seq]
        if row is None:
            self._tell(Problem.ALTERED, entry, position, "was altered: its row cannot be read any more")
        elif (row.attempt_id, row.source) != (entry.attempt_id, entry.source):
            self._check_other(position, entry, leaf, row)
        elif problem := _altered(row, leaf):
            self._tell(Problem.ALTERED, entry, position, problem)
        elif row.tx != entry.tx:
            self._tell(Problem.MOVED, entry, position, f"was moved: transaction {entry.tx} became {row.tx}")

    def _check_absent(self, position: int, entry: Entry) -> None:
        moved = self._journal.find(entry)
        if moved is None:
            self._tell(Problem.MISSING, entry, position, "is missing: it is in the log, but its row was removed")
            return
        self._seen[entry.kind].add(moved.seq)
        self._tell(Problem.MOVED, entry, position, f"was moved: row number {entry.seq} became {moved.seq}")

    def _check_other(self, position: int, entry: Entry, leaf: bytes, row: Recorded) -> None:
        """Another record stands where the entry points."""
        if leaf_hash(row.record) != row.leaf:
            self._tell(Problem.ALTERED, entry, position, "was altered: the row in its place names another record")
        elif row.leaf == leaf:
            self._tell(Problem.ALTERED, entry, position, "was altered in the log: the row in its place is another's")
        else:
            self._tell(Problem.MOVED, entry, position, "was moved: another record stands in its place")

    # ---------------------------------------------------------------------------------------------------- unlogged rows

    def _check_page(self, kind: RecordKind, page: int, head: Head | None) -> None:
        numbers = [seq for seq in self._journal.numbers(kind, page) if seq not in self._seen[kind]]
        for start in range(0, len(numbers), _CHUNK):
            for seq, row in sorted(self._journal.records(kind, numbers[start : start + _CHUNK]).items()):
                self._check_unlogged(kind, seq, row, head)

    def _tell_stray(self, kind: RecordKind, attempt_id: UUID) -> None:
        lacks = "belongs to a handoff" if kind is RecordKind.ATTEMPT else "belongs to an attempt"
        said = f"The {kind} with attempt id {attempt_id} {lacks} that is not in the ledger."
        self._findings.add(Finding(Problem.UNEXPLAINED, Subject(kind.value), said, attempt_id=attempt_id))

    def _check_unlogged(self, kind: RecordKind, seq: int, row: Recorded | None, head: Head | None) -> None:
        subject = Subject(kind.value)
        if row is None:
            said = f"Row number {seq} of the {kind}s, which is not in the log, cannot be read."
            self._findings.add(Finding(Problem.ALTERED, subject, said))
            return
        reach = None if head is None else head.attempts if kind is RecordKind.ATTEMPT else head.results
        entry = Entry(0, row.attempt_id.bytes, row.tx, row.seq)
        if reach is not None and reach.covers(row.tx, row.seq):
            self._tell(Problem.ADDED, entry, None, "was added behind the log's back: the log has no entry for it", row)
            return
        self.waiting += 1
        if leaf_hash(row.record) != row.leaf:
            self._tell(Problem.ALTERED, entry, None, "was altered before it was logged", row)

    def _tell(
        self, problem: Problem, entry: Entry, position: int | None, said: str, row: Recorded | None = None
    ) -> None:
        kind, source = (row.kind, row.source) if row else (entry.kind, entry.source)
        bearing = self._journal.bearing(entry.attempt_id)
        report_id, destination = (bearing.report_id, bearing.destination) if bearing else (None, None)
        subject = Subject(kind.value)
        whose = named(subject, entry.attempt_id, report_id, destination, source or "")
        self._findings.add(
            Finding(problem, subject, f"{whose} {said}.", entry.attempt_id, report_id, destination, position)
        )


def _altered(row: Recorded, leaf: bytes) -> str | None:
    """What is wrong with a row that should give this leaf; None when nothing is."""
    made = leaf_hash(row.record)
    if made == leaf == row.leaf:
        return None
    if made == leaf:
        return "was altered: its stored hash is not its own"
    if row.leaf == leaf:
        return "was altered: its columns no longer give the hash that was logged"
    if made == row.leaf:
        return "was altered: row and log hold different hashes, each right for itself"
    return "was altered: its columns, its stored hash and the log all differ"
