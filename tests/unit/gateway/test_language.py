"""The language of a text, where it is plain."""

from __future__ import annotations

import pytest

from gateway.language import language_of
from gateway.wording import words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jalan di depan rumah saya sudah lama rusak, mohon diperbaiki.", "id"),
        ("Dalane rusak wis suwe, kulo nyuwun tulung didandani.", "jv"),
        ("Jalanna geus lila ruksak, abdi hoyong diomean atuh.", "su"),
        ("The road in front of my house is broken, please repair it.", "en"),
        ("Lampu mati", None),
        ("", None),
    ],
)
def test_a_language_is_known_by_its_small_words(text: str, language: str | None) -> None:
    assert language_of(words(text)) == language
