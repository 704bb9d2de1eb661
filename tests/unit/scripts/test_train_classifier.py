"""The trained data is what its counts make."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from gateway.classify.model import FILE
from gateway.screen.statistics import FILE as KINDS_FILE
from scripts.train_classifier import (
    DATA,
    DECIDES_FROM,
    category_counts,
    kind_counts,
    measure,
    trained_classifier,
    trained_kinds,
)


def content(packed: bytes) -> object:
    return json.loads(gzip.decompress(packed))  # the packing itself may differ between versions of zlib


@pytest.mark.parametrize(
    ("name", "made"),
    [(FILE, trained_classifier(category_counts())), (KINDS_FILE, trained_kinds(kind_counts()))],
    ids=["classifier", "kinds"],
)
def test_training_again_gives_the_file_that_is_kept(name: str, made: bytes) -> None:
    assert content(made) == content(Path(DATA / name).read_bytes())


def test_training_twice_gives_the_same_bytes() -> None:
    assert trained_classifier(category_counts()) == trained_classifier(category_counts())


def test_on_drawn_reports_it_is_right_where_it_decides_alone() -> None:
    told = measure(range(1))
    decided = [right for sure, right, _ in told if sure >= DECIDES_FROM]
    assert sum(right for _, right, _ in told) / len(told) > 0.6
    assert len(decided) / len(told) > 0.35
    assert sum(decided) / len(decided) > 0.85
