"""Names of files can be written down, sent and shown without harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.filenames import safe_media_type, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto jalan.jpg", "foto jalan.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\foto\\rumah.png", "rumah.png"),
        ("foto\r\nX-Header: ya.jpg", "foto X-Header_ ya.jpg"),
        ("foto\x00\u202egpj.exe", "foto gpj.exe"),
        (' ."foto".jpg. ', "_foto_.jpg"),
        ("..", "lampiran-2.jpg"),
        ("", "lampiran-2.jpg"),
        ("???", "lampiran-2.jpg"),
        ("folder/", "lampiran-2.jpg"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("console.txt", "console.txt"),
        ("a" * 300 + ".jpeg", "a" * 115 + ".jpeg"),
        ("a" * 300, "a" * 120),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("😢" * 120 + ".jpg", "😢" * 62 + ".jpg"),
        ("é" * 10, "é" * 10),
    ],
)
def test_a_name_becomes_safe(name: str, safe: str) -> None:
    assert safe_name(name, "image/jpeg", 2) == safe


def test_a_name_of_an_unknown_type_has_no_extension() -> None:
    assert safe_name("", "application/x-unknown", 1) == "lampiran-1"


@given(st.text(st.one_of(st.characters(), st.sampled_from("/\\.:\x00 a"))))
def test_every_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_name(name, "image/png", 1)
    assert 1 <= len(safe.encode()) <= 255
    assert not set(safe) & set('/\\<>:"|?*\x00\r\n')
    assert safe not in (".", "..")
    assert safe_name(safe, "image/png", 9) == safe


@pytest.mark.parametrize(
    ("given_type", "bare"),
    [
        ("image/jpeg", "image/jpeg"),
        ("Audio/OGG; codecs=opus", "audio/ogg"),
        ("text/html\r\nX-Header: ya", "application/octet-stream"),
        ("jpeg", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("image/svg+xml", "image/svg+xml"),
    ],
)
def test_a_media_type_is_bare_or_unknown(given_type: str, bare: str) -> None:
    assert safe_media_type(given_type) == bare
