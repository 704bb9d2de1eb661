"""Sums of rows of weights."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.classify.rows import Rows

WEIGHTS = st.integers(min_value=-1_000_000, max_value=1_000_000)
TABLES = st.dictionaries(st.text(max_size=3), st.tuples(WEIGHTS, WEIGHTS, WEIGHTS), max_size=6)


@given(TABLES, st.lists(st.text(max_size=3), max_size=40))
def test_each_column_is_summed_over_the_terms_that_have_a_row(of: dict[str, tuple[int, ...]], terms: list[str]) -> None:
    asked = [*terms, *of]
    found = [of[term] for term in asked if term in of]
    expected = len(found), [sum(column) for column in zip(*found, strict=True)] or [0] * 3
    rows = Rows(of, 3)
    assert rows.summed(asked) == expected
    assert rows.summed(asked) == expected, "with the rows packed before"


def test_the_terms_that_have_a_row_are_known() -> None:
    rows = Rows({"jalan": (1, -2)}, 2)
    assert ("jalan" in rows, "jambu" in rows, list(rows)) == (True, False, ["jalan"])


def test_without_a_term_every_sum_is_nothing() -> None:
    assert Rows({}, 2).summed([]) == (0, [0, 0])
