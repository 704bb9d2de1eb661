"""The trained data is what its counts make."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from gateway.classify.model import FILE
from gateway.screen.statistics import FILE as KINDS_FILE
from scripts.measure_classifier import measure_drawn, measure_messages, measure_plain
from scripts.train_classifier import (
    DATA,
    category_counts,
    invented_messages,
    kind_counts,
    trained_classifier,
    trained_kinds,
)


def content(packed: bytes) -> object:
    return json.loads(gzip.decompress(packed))  # the packing itself may differ between versions of zlib


@pytest.mark.parametrize(
    ("name", "made"),
    [(FILE, trained_classifier(category_counts(), invented_messages())), (KINDS_FILE, trained_kinds(kind_counts()))],
    ids=["classifier", "kinds"],
)
def test_training_again_gives_the_file_that_is_kept(name: str, made: bytes) -> None:
    assert content(made) == content(Path(DATA / name).read_bytes())


def test_training_twice_gives_the_same_bytes() -> None:
    assert trained_classifier(category_counts(), invented_messages()) == trained_classifier(
        category_counts(), invented_messages()
    )


def test_on_drawn_reports_it_is_right_where_it_decides_alone() -> None:
    told = measure_drawn(range(1))
    decided = [one.right for one in told if one.decides]
    assert len(decided) / len(told) > 0.35
    assert sum(decided) / len(decided) > 0.85


def test_on_drawn_reports_it_beats_plain_complement_naive_bayes_on_the_same_counts() -> None:
    told = measure_drawn(range(2))
    assert sum(one.right for one in told) / len(told) > measure_plain(range(2))


def test_on_messages_that_it_did_not_learn_from_it_decides_half_and_nine_in_ten_of_these_are_right() -> None:
    told = measure_messages()
    decided = [one.right for one in told if one.decides]
    assert len(decided) / len(told) >= 0.5
    assert sum(decided) / len(decided) >= 0.9
