"""What a file is, whatever its sender says."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.filetypes import UNKNOWN, told_type
from tests.fakes.pictures import png, telling


def package(*names: str, first: bytes | None = None) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        if first is not None:
            made.writestr("mimetype", first)
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


OOXML = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("content", "claimed", "told"),
    [
        (telling("JPEG"), "application/pdf", "image/jpeg"),
        (png(), "image/jpeg", "image/png"),
        (telling("WEBP"), "", "image/webp"),
        (b"%PDF-1.7\n...", "image/png", "application/pdf"),
        (b"\r\n junk \r\n%PDF-1.4", "", "application/pdf"),
        (package("[Content_Types].xml", "word/document.xml"), "", OOXML + "wordprocessingml.document"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "", OOXML + "spreadsheetml.sheet"),
        (package("[Content_Types].xml", "ppt/p.xml"), "", OOXML + "presentationml.presentation"),
        (package("a", first=b"application/vnd.oasis.opendocument.text"), "", "application/vnd.oasis.opendocument.text"),
        (package("foto.jpg"), "", "application/zip"),
        (b"PK\x03\x04 broken", "", "application/zip"),
        ("Jalan rusak – sejak Senin".encode(), "", "text/plain"),
        ("Jalan rusak".encode("utf-16"), "", "text/plain"),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8", "text/csv"),
        (b'{"a": 1}', "application/json", "application/json"),
        (b"a text", "image/png", "text/plain"),
        (b"\xef\xbb\xbf <!DOCTYPE HTML><p>", "text/plain", "text/html"),
        (b"<svg xmlns='...'/>", "image/png", "image/svg+xml"),
        (b"<?xml version='1.0'?><svg/>", "", "image/svg+xml"),
        (b"<?xml version='1.0'?><a/>", "", "application/xml"),
        (b"MZ\x90\x00" + bytes(60), "image/png", "application/x-msdownload"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "", "application/x-executable"),
        (b"\x00\x01\x02", "image/png", UNKNOWN),
        (b"", "text/plain", UNKNOWN),
    ],
)
def test_the_content_tells_the_type(content: bytes, claimed: str, told: str) -> None:
    assert told_type(content, claimed) == told


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"PK\x03\x04" + data), st.text(max_size=30))
def test_any_bytes_have_a_type(content: bytes, claimed: str) -> None:
    assert "/" in told_type(content, claimed)


def test_an_open_document_names_its_own_type() -> None:
    text = "application/vnd.oasis.opendocument.text"
    assert told_type(package("content.xml", first=text.encode()), "application/zip") == text


def test_a_kind_of_document_that_few_know_names_itself_too() -> None:
    text = "application/vnd.oasis.opendocument.graphics-template"
    assert told_type(package("content.xml", first=text.encode()), "") == text


def test_an_office_document_of_no_known_kind_is_unknown() -> None:
    assert told_type(package("[Content_Types].xml", "lain/isi.xml"), "") == UNKNOWN


def test_an_archive_that_is_no_document_is_an_archive() -> None:
    assert told_type(package("catatan.txt"), "application/octet-stream") == "application/zip"
