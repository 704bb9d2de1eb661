"""XML: whatever a citizen writes stays text, whatever a server answers is survived."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.xml import escaped, fields_of, parsed, texts

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@given(st.text(st.characters(codec=None, categories=None), max_size=60))
def test_any_text_is_text_as_content_and_as_an_attribute(text: str) -> None:
    root = parsed(f'<x a="{escaped(text)}">{escaped(text)}</x>'.encode())
    assert root is not None
    assert list(root) == []
    assert (root.text or "").count("<") == text.count("<")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<isi> & \"kutip\" 'dan'", "&lt;isi&gt; &amp; &quot;kutip&quot; &#x27;dan&#x27;"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\x00\x0b\x1b\ufffe\ud800", "�����"),
        ("🙂 é", "🙂 é"),
    ],
)
def test_how_a_text_is_written(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<x>", b"\xff", BOMB, OUTSIDE, b'<?xml version="1.0" encoding="tiada"?><x/>', b"<a>" * 10_000]
)
def test_what_is_no_plain_document_is_not_read(body: bytes) -> None:
    assert parsed(body) is None


def test_names_are_found_anywhere_in_any_case_and_namespace() -> None:
    root = parsed(b'<r xmlns="urn:a" TrackingId="0"><a><trackingID> 7 </trackingID></a><trackingid/></r>')
    assert root is not None
    assert list(texts(root, "trackingid")) == ["0", "7"]


def test_the_first_field_of_a_name_counts() -> None:
    root = parsed(b"<row><Code> 1 </Code><code>2</code><empty/></row>")
    assert root is not None
    assert fields_of(root) == {"code": "1", "empty": ""}
