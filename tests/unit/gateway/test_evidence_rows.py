"""The rows must give the leaves that were logged; whatever was altered, moved, removed or added is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import UUID

import pytest

from gateway.evidence_rows import RowCheck
from gateway.findings import Findings, Problem
from gateway.logbook import Entry, Head, Reach, RecordKind
from gateway.merkle import Frontier, leaf_hash
from gateway.stored import Bearing, Journal, Recorded

ATTEMPT, RESULT = RecordKind.ATTEMPT, RecordKind.RESULT
REPLY = 1
REPORT = UUID(int=99)
HEAD = Head(Frontier(), Reach(5, 9, 9), Reach(5, 9, 9))


def row(seq: int, *, kind: RecordKind = ATTEMPT, tx: int = 5) -> Recorded:
    record = f"{kind.value} {seq}".encode()
    source = None if kind is ATTEMPT else "reply"
    return Recorded(kind, seq, tx, UUID(int=seq), source, record, leaf_hash(record))


def entry(of: Recorded) -> Entry:
    return Entry(0 if of.kind is ATTEMPT else REPLY, of.attempt_id.bytes, of.tx, of.seq)


@dataclass
class Rows:
    """Rows as the ledger has them now, and nothing else of a journal."""

    rows: dict[tuple[RecordKind, int], Recorded | None] = field(default_factory=dict)
    homeless: dict[RecordKind, list[UUID]] = field(default_factory=dict)
    known: bool = True

    def records(self, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
        return {seq: self.rows[kind, seq] for seq in seqs if (kind, seq) in self.rows}

    def find(self, wanted: Entry) -> Recorded | None:
        return next((each for each in self.rows.values() if each and entry(each)[:2] == wanted[:2]), None)

    def bearing(self, attempt_id: UUID) -> Bearing | None:
        return Bearing(REPORT, "sp4n") if self.known else None

    def pages(self, kind: RecordKind) -> Iterator[tuple[int, int]]:
        yield 0, len(self.numbers(kind, 0))

    def numbers(self, kind: RecordKind, page: int) -> list[int]:
        return [seq for of, seq in self.rows if of is kind]

    def strays(self, kind: RecordKind, page: int) -> list[UUID]:
        return self.homeless.get(kind, [])


def checked(rows: Rows, logged: Sequence[tuple[Entry, bytes]], head: Head | None = HEAD) -> tuple[RowCheck, Findings]:
    findings = Findings()
    check = RowCheck(cast("Journal", rows), findings)
    check.check([(position, made, leaf) for position, (made, leaf) in enumerate(logged)])
    check.finish(head)
    return check, findings


def told(rows: Rows, logged: Sequence[tuple[Entry, bytes]], head: Head | None = HEAD) -> list[tuple[Problem, str]]:
    return [(finding.problem, finding.sentence) for finding in checked(rows, logged, head)[1].kept]


ONE, TWO, ITS_RESULT = row(1), row(2), row(1, kind=RESULT)
LOGGED = [(entry(each), each.leaf) for each in (ONE, TWO, ITS_RESULT)]


def holding(*rows: Recorded) -> Rows:
    return Rows({(each.kind, each.seq): each for each in rows})


def test_untouched_rows_give_no_finding_and_are_counted() -> None:
    check, findings = checked(holding(ONE, TWO, ITS_RESULT), LOGGED)
    assert (findings.kept, check.attempts, check.results, check.waiting) == ([], 2, 1, 0)


def test_a_row_that_was_removed_is_missing() -> None:
    ((problem, said),) = told(holding(ONE, ITS_RESULT), LOGGED)
    assert problem is Problem.MISSING
    assert "its row was removed" in said


def test_a_row_under_another_number_was_moved() -> None:
    ((problem, said),) = told(holding(ONE, replace(TWO, seq=7), ITS_RESULT), LOGGED)
    assert problem is Problem.MOVED
    assert "row number 2 became 7" in said


def test_a_row_of_another_transaction_was_moved() -> None:
    ((problem, said),) = told(holding(ONE, replace(TWO, tx=6), ITS_RESULT), LOGGED)
    assert problem is Problem.MOVED
    assert "transaction 5 became 6" in said


def test_a_record_that_is_logged_twice_is_told() -> None:
    ((problem, said),) = told(holding(ONE, TWO, ITS_RESULT), [*LOGGED, LOGGED[0]])
    assert problem is Problem.ADDED
    assert "in the log twice" in said


def test_a_row_that_cannot_be_read_was_altered() -> None:
    rows = holding(ONE, TWO, ITS_RESULT)
    rows.rows[ATTEMPT, 2] = None
    assert [problem for problem, _ in told(rows, LOGGED)] == [Problem.ALTERED]


OTHER_LEAF = leaf_hash(b"lain")


@pytest.mark.parametrize(
    ("changed", "leaf", "said"),
    [
        (replace(TWO, leaf=OTHER_LEAF), TWO.leaf, "its stored hash is not its own"),
        (replace(TWO, record=b"lain"), TWO.leaf, "its columns no longer give the hash that was logged"),
        (TWO, OTHER_LEAF, "row and log hold different hashes"),
        (replace(TWO, record=b"lain", leaf=leaf_hash(b"x")), TWO.leaf, "its columns, its stored hash and the log"),
    ],
)
def test_what_of_a_row_was_altered_is_named(changed: Recorded, leaf: bytes, said: str) -> None:
    found = told(holding(ONE, changed, ITS_RESULT), [LOGGED[0], (entry(TWO), leaf), LOGGED[2]])
    assert [problem for problem, _ in found] == [Problem.ALTERED]
    assert said in found[0][1]


THREE = row(3)


@pytest.mark.parametrize(
    ("standing", "leaf", "problem", "said"),
    [
        (replace(THREE, seq=2), TWO.leaf, Problem.MOVED, "another record stands in its place"),
        (replace(THREE, seq=2), THREE.leaf, Problem.ALTERED, "the row in its place is another's"),
        (replace(THREE, seq=2, leaf=OTHER_LEAF), TWO.leaf, Problem.ALTERED, "names another record"),
    ],
)
def test_another_record_in_the_place_of_one_is_named(
    standing: Recorded, leaf: bytes, problem: Problem, said: str
) -> None:
    found = told(holding(ONE, standing, ITS_RESULT), [LOGGED[0], (entry(TWO), leaf), LOGGED[2]])
    assert found[0][0] is problem
    assert said in found[0][1]


def test_a_row_behind_the_head_that_no_entry_names_was_added() -> None:
    ((problem, said),) = told(holding(ONE, TWO, ITS_RESULT, THREE), LOGGED)
    assert problem is Problem.ADDED
    assert "behind the log's back" in said


def test_a_result_behind_the_head_that_no_entry_names_was_added() -> None:
    assert [problem for problem, _ in told(holding(ONE, TWO, ITS_RESULT, row(3, kind=RESULT)), LOGGED)] == [
        Problem.ADDED
    ]


@pytest.mark.parametrize("head", [None, HEAD])
def test_rows_beyond_the_head_wait_to_be_logged(head: Head | None) -> None:
    check, findings = checked(holding(ONE, TWO, ITS_RESULT, row(10, tx=6)), LOGGED, head)
    assert (findings.kept, check.waiting) == ([], 1)


def test_a_row_that_was_altered_while_it_waited_is_named() -> None:
    waiting = replace(row(10, tx=6), record=b"lain")
    ((problem, said),) = told(holding(ONE, TWO, ITS_RESULT, waiting), LOGGED)
    assert problem is Problem.ALTERED
    assert "before it was logged" in said


def test_an_unlogged_row_that_cannot_be_read_is_told_by_its_number() -> None:
    rows = holding(ONE, TWO, ITS_RESULT)
    rows.rows[ATTEMPT, 3] = None
    assert told(rows, LOGGED) == [
        (Problem.ALTERED, "Row number 3 of the attempts, which is not in the log, cannot be read.")
    ]


def test_an_attempt_without_its_handoff_and_a_result_without_its_attempt_are_unexplained() -> None:
    rows = holding(ONE, TWO, ITS_RESULT)
    rows.homeless = {ATTEMPT: [ONE.attempt_id], RESULT: [ITS_RESULT.attempt_id]}
    found = told(rows, LOGGED)
    assert [problem for problem, _ in found] == [Problem.UNEXPLAINED] * 2
    assert "belongs to a handoff that is not" in found[0][1]
    assert "belongs to an attempt that is not" in found[1][1]


def test_a_finding_names_report_and_destination_where_they_are_known() -> None:
    rows = holding(ONE, ITS_RESULT)
    known = checked(rows, LOGGED)[1].kept[0]
    rows.known = False
    unknown = checked(rows, LOGGED)[1].kept[0]
    assert (known.report_id, known.destination) == (REPORT, "sp4n")
    assert (unknown.report_id, unknown.destination) == (None, None)
