"""Screening and classification on the labelled messages that were invented for them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.cli.labelled import Labelled, labelled_messages
from gateway.cli.measures import judged, measures
from gateway.screen import ScreenContext, names_emergency, screen
from schemas.report import Message, Report
from schemas.screening import Verdict

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
TESTS = Path(__file__).resolve().parents[3]
FINAL = labelled_messages(TESTS / "data" / "messages_final.csv")
APART = labelled_messages(TESTS / "data" / "messages_apart.csv")
FRESH = labelled_messages(TESTS / "data" / "messages_fresh.csv")
UNSEEN = labelled_messages(TESTS / "data" / "messages_unseen.csv")
_TRAINING = TESTS.parent / "gateway" / "data" / "training"
TRAINED_ON = labelled_messages(_TRAINING / "messages.csv")
LEARNED_FROM = (*TRAINED_ON, *labelled_messages(_TRAINING / "reports.csv"))


def test_no_message_that_is_measured_was_learned_from() -> None:
    measured = {row.text for row in (*FINAL, *APART, *FRESH, *UNSEEN)}
    assert measured & {row.text for row in LEARNED_FROM} == set()


def test_the_set_is_large_and_half_of_it_are_reports() -> None:
    labels = Counter(row.label for row in (*FINAL, *TRAINED_ON))
    assert sum(labels.values()) >= 400
    assert Counter(row.label for row in FINAL)["genuine"] >= len(FINAL) / 2


@pytest.mark.many_rounds
@pytest.mark.parametrize("rows", [FINAL, APART, FRESH, UNSEEN], ids=["final", "apart", "fresh", "unseen"])
def test_of_a_hundred_reports_one_may_be_held_and_of_ten_others_nine_are_stopped(rows: list[Labelled]) -> None:
    found = measures([judged(row) for row in rows])
    assert found["genuine"]["held"] <= 0.01
    assert found["genuine"]["asked"] <= 0.1
    assert found["junk"]["stopped"] >= 0.9


@pytest.mark.parametrize("rows", [FINAL, APART, UNSEEN], ids=["final", "apart", "unseen"])
def test_half_of_the_categories_are_decided_and_nine_in_ten_of_these_are_right(rows: list[Labelled]) -> None:
    found = measures([judged(row) for row in rows])["categories"]
    assert found["top_1"] >= 0.8
    assert found["top_3"] >= 0.9
    assert found["decides_alone"] >= 0.5
    assert found["right_where_it_decides"] >= 0.9


def test_figures_that_no_row_allows_are_left_out() -> None:
    assert measures([judged(Labelled(1, "tes"))]) == {"messages": 1}


def test_what_is_confused_is_counted_by_pairs() -> None:
    row = Labelled(1, "lampu jalan mati", parent="AGAMA")
    found = measures([judged(row), judged(row)])
    assert found["confusion"] == [{"real": "AGAMA", "suggested": "PEKERJAAN UMUM DAN PENATAAN RUANG", "messages": 2}]
    assert found["calibration"]["expected_error"] > 0.5


def test_emergencies_are_named_and_danger_that_is_past_or_feared_is_not() -> None:
    with (TESTS / "data" / "emergencies.csv").open(encoding="utf-8", newline="") as file:
        named = Counter((row["label"], names_emergency(verdict_on(row["text"]))) for row in csv.DictReader(file))
    assert named["emergency", True] >= 0.9 * (named["emergency", True] + named["emergency", False])
    assert named["mention", True] <= 0.1 * (named["mention", True] + named["mention", False])


def verdict_on(text: str) -> Verdict:
    message = Message(sequence=0, received_at=NOW, text=text)
    return screen(Report(title=text, content=text), message, context=ScreenContext())
