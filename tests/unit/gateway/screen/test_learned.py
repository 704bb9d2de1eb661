"""What was learned: named features of a message, and one likelihood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.screen.learned import SCALE, features, likelihood, load_weights, logistic, reads_as_no_report
from gateway.screen.reading import Reading, read
from schemas.report import Message, Report


def reading_of(text: str, **fields: object) -> Reading:
    report = Report.model_validate({"title": "Laporan tanpa judul", "content": text, **fields})
    message = Message(sequence=0, received_at=datetime(2026, 3, 2, tzinfo=UTC), text=text)
    return read(report, message, title_written=False)


def test_a_misspelt_word_shares_pieces_with_the_right_one() -> None:
    right, wrong = features(reading_of("drainase")), features(reading_of("drainasi"))
    assert {name for name in right.keys() & wrong.keys() if name.startswith("piece ")} != set()


def test_features_tell_where_they_come_from() -> None:
    kinds = {name.split()[0] for name in features(reading_of("promo rp 5000 klik www.contoh.example"))}
    assert kinds >= {"always", "check", "word", "pair", "piece", "length", "words", "link", "price"}


def test_a_prank_is_likelier_no_report_than_a_complaint() -> None:
    complaint, prank = (likelihood(reading_of(text)) for text in ("jembatan desa roboh", "jodohin saya dong min"))
    assert complaint < 0.2 < 0.8 < prank


def test_what_somebody_filed_under_a_category_is_not_judged_by_its_words() -> None:
    assert reads_as_no_report(reading_of("jodohin saya dong min", category_id=1398)) is None


@given(st.text(max_size=200))
def test_a_likelihood_lies_between_0_and_1(text: str) -> None:
    assert 0 < likelihood(reading_of(text)) < 1


@given(st.lists(st.sampled_from(["jalan", "jalanan", "rusak", "promo", "pacar", "tolong", "min", "zzqx"]), max_size=12))
def test_the_likelihood_is_that_of_all_features_weighed(words: list[str]) -> None:
    reading, weights = reading_of(" ".join(words)), load_weights()
    whole = sum(weights.get(name, 0) * value for name, value in features(reading).items())
    assert likelihood(reading) == pytest.approx(logistic(whole / SCALE), abs=1e-12)
