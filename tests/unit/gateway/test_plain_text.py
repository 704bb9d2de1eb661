"""What agencies write, as reporters may be shown it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.plain_text import plain_line, plain_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Sudah kami perbaiki.\nTerima kasih.", "Sudah kami perbaiki.\nTerima kasih."),
        ("<p>Sudah <b>diperbaiki</b></p><p>Terima kasih</p>", "Sudah diperbaiki\n\nTerima kasih"),
        ("<script>alert(1)</script>Selesai<!-- rahasia -->", "Selesai"),
        ("Tinggi air < 5 cm & > 3 cm", "Tinggi air < 5 cm & > 3 cm"),
        ("Jalan &amp; jembatan", "Jalan & jembatan"),
        ("bel\x07 dan\x00nol\u202e", "bel dan nol"),
    ],
)
def test_words_and_lines_stay_and_markup_goes(written: str, shown: str) -> None:
    assert plain_text(written, 1000) == shown


def test_a_long_text_is_cut_between_words() -> None:
    assert plain_text("satu dua tiga empat", 12) == "satu dua…"


@given(st.text(max_size=300), st.integers(10, 400))
def test_any_text_comes_out_within_its_limit_and_on_one_line(text: str, limit: int) -> None:
    line = plain_line(text, limit)

    assert len(line) <= limit
    assert "\n" not in line
