"""What was learned is what the labelled messages teach."""

from __future__ import annotations

from gateway.screen.learned import load_weights
from scripts.train_screening import SMALL, Example, examples, learned, trained_screening


def test_training_again_gives_the_file_that_is_kept() -> None:
    again, kept = trained_screening(examples())["weights"], load_weights()
    differing = {name for name in again.keys() | kept.keys() if abs(again.get(name, 0) - kept.get(name, 0)) > SMALL + 2}
    assert differing == set()  # the last digit of a logarithm may differ between machines


def test_what_stands_only_in_reports_speaks_for_one() -> None:
    rows = [Example({"always": 1.0, "word jalan": 1.0}, junk=False), Example({"always": 1.0, "word p": 1.0}, junk=True)]
    weights = learned(rows * 20)
    assert weights["word jalan"] < 0 < weights["word p"]
