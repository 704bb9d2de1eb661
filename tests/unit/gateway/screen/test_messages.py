"""Screening and classification on the labelled messages that were invented for them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gateway.cli.labelled import Labelled, labelled_messages
from gateway.cli.measures import judged, measures

DATA = Path(__file__).resolve().parents[3] / "data"
PARTS = {part: labelled_messages(DATA / f"messages_{part}.csv") for part in ("development", "final")}


def test_the_set_is_large_and_half_of_it_are_reports() -> None:
    labels = Counter(row.label for rows in PARTS.values() for row in rows)
    assert sum(labels.values()) >= 400
    assert labels["genuine"] >= sum(labels.values()) / 2


@pytest.mark.parametrize("part", PARTS)
def test_of_a_hundred_reports_one_may_be_held_and_of_ten_others_nine_are_stopped(part: str) -> None:
    found = measures([judged(row) for row in PARTS[part]])
    assert found["genuine"]["held"] <= 0.01
    assert found["genuine"]["asked"] <= 0.03
    assert found["junk"]["stopped"] >= 0.9


@pytest.mark.parametrize("part", PARTS)
def test_half_of_the_categories_are_decided_and_nine_in_ten_of_these_are_right(part: str) -> None:
    found = measures([judged(row) for row in PARTS[part]])["categories"]
    assert found["top_1"] >= 0.8
    assert found["top_3"] >= 0.9
    assert found["decides_alone"] >= 0.5
    assert found["right_where_it_decides"] >= 0.9


def test_no_report_of_those_that_were_written_to_slip_through_is_held() -> None:
    found = measures([judged(row) for row in labelled_messages(DATA / "messages_fresh.csv")])
    assert found["genuine"]["held"] == 0


def test_figures_that_no_row_allows_are_left_out() -> None:
    assert measures([judged(Labelled(1, "tes"))]) == {"messages": 1}


def test_what_is_confused_is_counted_by_pairs() -> None:
    row = Labelled(1, "lampu jalan mati", parent="AGAMA")
    found = measures([judged(row), judged(row)])
    assert found["confusion"] == [{"real": "AGAMA", "suggested": "PEKERJAAN UMUM DAN PENATAAN RUANG", "messages": 2}]
    assert found["calibration"]["expected_error"] > 0.5
