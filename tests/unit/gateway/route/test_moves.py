"""What changed rules would do to reports that were routed before."""

from __future__ import annotations

import pytest

from gateway.route.moves import Move, failed, move_of


def moved(before: str, after: str, *, may_be_named: bool = True) -> Move | None:
    return move_of(
        "CODE", "app", before.split(), after.split(), may_be_named=may_be_named, asks_identity={"dinkes", "sp4n"}
    )


def test_a_report_that_goes_where_it_went_does_not_move() -> None:
    assert moved("sp4n pu", "pu sp4n") is None


def test_a_move_tells_who_gains_who_loses_and_who_would_see_the_reporter() -> None:
    move = moved("sp4n pu", "sp4n dinkes arsip")
    assert move is not None
    assert (move.gained, move.lost, move.sees_reporter) == (("arsip", "dinkes"), ("pu",), ("dinkes",))


def test_nobody_sees_a_reporter_who_stays_unnamed() -> None:
    move = moved("pu", "dinkes", may_be_named=False)
    assert move is not None
    assert move.sees_reporter == ()


@pytest.mark.parametrize(
    ("before", "after", "gates"),
    [("pu", "", {"moved", "orphaned"}), ("pu", "dinkes", {"moved", "identity"}), ("pu", "arsip", {"moved"})],
)
def test_a_gate_fails_for_what_must_not_happen(before: str, after: str, gates: set[str]) -> None:
    move = moved(before, after)
    assert move is not None
    assert {gate for gate in ("moved", "orphaned", "identity") if failed([move], [gate])} == gates
