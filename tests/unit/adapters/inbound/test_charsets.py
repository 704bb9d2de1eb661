"""Bytes of mail become text whatever name their character set has, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.charsets import base64_bytes, text_of_bytes, unencoded


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        ("jalan–rusak".encode(), "utf-8", "jalan–rusak"),
        ("jalan–rusak".encode(), "", "jalan–rusak"),
        ("jalan–rusak".encode(), "us-ascii", "jalan–rusak"),
        ("\ufeffjalan".encode(), "", "jalan"),
        (b"jalan \x96 rusak", "", "jalan – rusak"),
        (b"jalan \x96 rusak", "ISO-8859-1", "jalan – rusak"),
        ("第一".encode("gb18030"), "GB2312", "第一"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        ("jalan".encode("utf-16"), "utf-16", "jalan"),
        (b"jalan", "tidak-ada", "jalan"),
        (b"jalan", "zlib", "jalan"),
        (b"jalan", "idna", "jalan"),
        (b"jalan", "a\0b", "jalan"),
        (b"jalan", "\ud800", "jalan"),
        (b"+2AA-", "utf-7", "?"),
    ],
)
def test_the_text_is_what_was_meant(content: bytes, charset: str, expected: str) -> None:
    assert text_of_bytes(content, charset) == expected


@given(st.binary(max_size=60), st.text(max_size=20) | st.sampled_from(["utf-7", "utf-16", "hz", "cp037", "iso2022_kr"]))
def test_any_bytes_of_any_character_set_are_text_that_can_be_written(content: bytes, charset: str) -> None:
    assert isinstance(text_of_bytes(content, charset).encode(), bytes)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Jalan rusak", "Jalan rusak"),
        ("=?utf-8?q?Jalan_rusak?= =?utf-8?q?_parah?=", "Jalan rusak parah"),
        ("=?UTF-8?B?8J+Y?= =?UTF-8?B?gA==?= di sini", "😀 di sini"),
        ("Re: =?iso-8859-1?Q?Caf=E9?= dan =?utf-8*id?b?8J+YgA==?=", "Re: Café dan 😀"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?tidak-ada?q?a=E9?=", "aé"),
        ("=?utf-8?q?satu dua?=", "satu dua"),
        ("=?utf-8?x?a?= tetap", "=?utf-8?x?a?= tetap"),
    ],
)
def test_encoded_words_are_read(header: str, expected: str) -> None:
    assert unencoded(header) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"amFsYW4=", b"jalan"), (b"amFs\r\nYW4", b"jal"), (b"amFsYW4*=", b"jalan"), (b"", b""), (b"a", b"")],
)
def test_base64_is_read_as_far_as_it_goes(content: bytes, expected: bytes) -> None:
    assert base64_bytes(content) == expected
