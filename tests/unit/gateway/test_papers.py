"""A PDF travels without its author, device and place, and no byte of it moves."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from gateway.papers import without_traces

INFO = b"7 0 obj\n<< /Author (Ani \\(RT 3\\)) /Creator <416e69> /CreationDate (D:2026) >>\nendobj\n"
TRAILER = b"trailer\n<< /Info 7 0 R >>\n"
XMP = b'<?xpacket begin="x" id="W5"?><rdf>Ani, Cibiru</rdf><?xpacket end="w"?>'
PHOTO = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xe1\x00\x0eExif\x00\x00-6.914\xff\xda pixels"


def test_author_packets_and_a_photos_place_are_blanked() -> None:
    content = b"%PDF-1.7\n" + INFO + XMP + PHOTO + TRAILER
    made, is_clean = without_traces(content)
    assert (len(made), is_clean) == (len(content), True)
    assert [mark for mark in (b"Ani", b"416e69", b"Cibiru", b"-6.914") if mark in made] == []
    assert all(mark in made for mark in (b"(D:2026)", b"endobj", b"\xff\xda pixels"))


def test_a_document_made_by_a_library_still_names_its_pages() -> None:
    paper = FPDF()
    paper.set_author("Ani Contoh")
    paper.add_page()
    content = bytes(paper.output())
    made, is_clean = without_traces(content)
    assert (b"Ani Contoh" in content, b"Ani Contoh" in made, is_clean, len(made)) == (True, False, True, len(content))


@pytest.mark.parametrize("mark", [b"/ByteRange [0 1]", b"/Encrypt 9 0 R"])
def test_a_signed_or_encrypted_document_is_not_touched(mark: bytes) -> None:
    content = b"%PDF-1.7\n" + INFO + TRAILER + mark
    assert without_traces(content) == (content, False)


@pytest.mark.parametrize("content", [b"%PDF-1.7 /ObjStm", b"%PDF-1.7 " + TRAILER], ids=["packed", "elsewhere"])
def test_what_could_not_be_looked_into_is_said(content: bytes) -> None:
    assert without_traces(content) == (content, False)


def test_a_document_that_ends_too_early_is_read_as_far_as_it_goes() -> None:
    made, _ = without_traces(TRAILER + INFO[:20] + b"/Producer " + PHOTO[:20])
    assert b"Producer" in made


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    assert len(without_traces(TRAILER + content + INFO)[0]) == len(TRAILER + content + INFO)
