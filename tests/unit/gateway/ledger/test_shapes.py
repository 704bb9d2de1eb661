"""Rows become values and values become parameters without losing or mixing up a column."""

from __future__ import annotations

from dataclasses import fields

import pytest

from gateway.ledger import rows, shapes
from gateway.ledger.dialects import word
from gateway.ledger.rows import ParkedRow
from gateway.ledger.shapes import PARKED, Shape
from gateway.ledger.values import BalanceRow
from schemas.handoff import ParkStage
from schemas.ids import new_id
from tests.integration.ledger.making import NOW

ALL = {name: shape for name, shape in vars(shapes).items() if isinstance(shape, Shape)}
PARKED_ROW = ParkedRow(new_id(NOW), "sms", b"k" * 16, ParkStage.SCREEN, "held", NOW)


def test_every_kind_of_row_has_a_shape() -> None:
    shaped = {name for name in vars(shapes) if name.endswith("Row")}

    assert {name for name in vars(rows) if name.endswith("Row")} <= shaped
    assert len(ALL) == len(shaped)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_shape_has_a_column_for_each_field(name: str) -> None:
    assert [column.name for column in ALL[name].columns] == list(ALL[name].names)


def test_parameters_and_row_are_each_others_reverse() -> None:
    parameters = PARKED.parameters(PARKED_ROW)

    assert list(parameters) == [field.name for field in fields(ParkedRow)]
    assert PARKED.value(list(parameters.values())) == PARKED_ROW


def test_a_word_of_a_closed_set_comes_back_as_its_member() -> None:
    values = list(PARKED.parameters(PARKED_ROW).values())
    values[PARKED.names.index("stage")] = "screen"

    assert PARKED.value(values).stage is ParkStage.SCREEN


def test_only_a_plain_word_is_spelled_out_in_a_statement() -> None:
    assert str(word("pending")) == "'pending'"
    with pytest.raises(ValueError, match="plain word"):
        word("x' OR '1'='1")


def test_the_difference_of_the_books_is_what_is_missing() -> None:
    assert BalanceRow("sms", "sp4n", 10, 1, 2, 3, 1, 3).difference == 0
    assert BalanceRow("sms", "sp4n", 10, 1, 2, 3, 1, 1).difference == 2
    assert BalanceRow("sms", "sp4n", 1, delivered=2).difference == -1
