"""Entries are packed without loss, and broken pieces are refused."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.logbook import Batch, Entry, Reach, RecordKind, code_of, pack_entries, unpack_entries
from gateway.merkle import EMPTY_ROOT, leaf_hash
from schemas.handoff import ResultSource

long = st.integers(-(2**63), 2**63 - 1)
entries = st.builds(Entry, st.integers(0, 255), st.binary(min_size=16, max_size=16), long, long)


@given(st.lists(entries))
def test_entries_come_back_as_they_were_packed(given_entries: list[Entry]) -> None:
    assert list(unpack_entries(pack_entries(given_entries))) == given_entries


def test_an_entry_says_what_it_stands_for() -> None:
    attempt = Entry(code_of(None), UUID(int=7).bytes, 1, 2)
    assert (attempt.kind, attempt.source, attempt.attempt_id) == (RecordKind.ATTEMPT, None, UUID(int=7))


@pytest.mark.parametrize("source", list(ResultSource))
def test_every_source_of_a_result_has_a_code_of_its_own(source: ResultSource) -> None:
    entry = Entry(code_of(source), bytes(16), 1, 2)
    assert (entry.kind, entry.source) == (RecordKind.RESULT, source)


def test_a_code_that_nobody_writes_stands_for_a_result_of_no_known_source() -> None:
    assert (Entry(99, bytes(16), 1, 2).kind, Entry(99, bytes(16), 1, 2).source) == (RecordKind.RESULT, None)


@pytest.mark.parametrize(
    ("size", "packed", "leaves"),
    [(1, 33, 64), (2, 33, 64), (1, 34, 32), (1, 33, 33), (0, 33, 0)],
)
def test_a_batch_whose_pieces_do_not_fit_is_refused(size: int, packed: int, leaves: int) -> None:
    with pytest.raises(ValueError, match=r"do not fit|no whole number"):
        Batch(0, size, bytes(packed), bytes(leaves), b"").unpacked()


def test_broken_entries_are_refused() -> None:
    with pytest.raises(ValueError, match="no whole number of entries"):
        list(unpack_entries(bytes(34)))


def test_a_batch_notes_the_tree_before_it() -> None:
    leaf = leaf_hash(b"satu")
    assert Batch(1, 0, b"", b"", leaf).tree_before().root() == leaf
    assert Batch(0, 0, b"", b"", b"").tree_before().root() == EMPTY_ROOT


@pytest.mark.parametrize(
    ("reach", "place", "covered"),
    [
        (Reach(10, 5, 7, 0), (10, 5), True),
        (Reach(10, 5, 7, 0), (9, 7), True),
        (Reach(10, 5, 7, 0), (10, 6), False),
        (Reach(10, 5, 7, 0), (11, 4), False),
        (Reach(10, 5, 7, 0), (9, 8), False),  # above all that was logged: written by another cluster
        (Reach(2, 9, 9, 7), (5000, 7), True),  # logged before the move
        (Reach(2, 9, 9, 7), (3, 8), False),
        (Reach(), (0, 1), False),
    ],
)
def test_how_far_the_log_has_come_says_which_rows_it_should_hold(
    reach: Reach, place: tuple[int, int], covered: bool
) -> None:
    assert reach.covers(*place) is covered
