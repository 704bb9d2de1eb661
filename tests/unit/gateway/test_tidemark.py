"""A ledger that stands further back than it was seen is an older one; one that went on is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.tidemark import Mark, Tide, decoded, encoded, mark_of, went_back

HERE, THERE = "here", "elsewhere"
AT = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
REPORT = UUID(int=7)
MARK = Mark(HERE, 10, b"root", 20, REPORT, AT)


def tide(**named: Any) -> Tide:
    """It stands as the mark says, but for what is named."""
    facts = {"size": 10, "root": b"root", "attempts": 20, "report": REPORT, "root_then": b"root", "knows_report": True}
    return Tide(**{**facts, "restored_at": None, **named})


EMPTY = tide(size=0, root=b"", attempts=0, report=None, root_then=None, knows_report=False)


@pytest.mark.parametrize(
    "stands",
    [tide(), tide(size=11, root=b"next", attempts=25, report=UUID(int=8)), tide(root_then=None)],
    ids=["the same", "further", "no checkpoint of that size"],
)
def test_a_ledger_that_stayed_or_went_on_is_the_one_that_was_seen(stands: Tide) -> None:
    assert went_back(MARK, stands, HERE) is None


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        (tide(size=9), "its journal has 9 records, and had 10"),
        (tide(root_then=b"other"), "the first 10 records of its journal are others than they were"),
        (tide(attempts=19), "its last attempt has the number 19, and one had 20"),
        (tide(knows_report=False), "the last report that was kept in it is not there"),
        (EMPTY, "its journal has 0 records, and had 10"),
    ],
)
def test_a_ledger_that_lacks_anything_of_it_is_an_older_one(stands: Tide, told: str) -> None:
    assert went_back(MARK, stands, HERE) == told


def test_an_older_one_elsewhere_is_an_older_one_but_an_empty_one_is_new() -> None:
    assert went_back(MARK, tide(size=9), THERE) is not None
    assert went_back(MARK, EMPTY, THERE) is None


def test_nothing_is_wrong_once_somebody_said_so_after_the_mark() -> None:
    said = [AT - timedelta(seconds=1), AT, AT + timedelta(seconds=1)]
    assert [went_back(MARK, tide(size=9, restored_at=at), HERE) is None for at in said] == [False, False, True]


def test_who_remembers_nothing_finds_nothing() -> None:
    assert went_back(None, EMPTY, HERE) is None


def test_a_mark_is_read_as_it_was_written() -> None:
    for mark in (MARK, mark_of(EMPTY, HERE, AT)):
        assert decoded(encoded(mark)) == mark


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"{}", b"null", b'{"ledger": 1}', encoded(MARK).replace(b"+00:00", b""), encoded(MARK)[:40]],
)
def test_anything_else_is_no_mark(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of its kinds
        decoded(text)
