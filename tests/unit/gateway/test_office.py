"""Office documents travel without author, machine and place, and still open."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from gateway.filetypes import told_type
from gateway.inspection import METADATA_KEPT, FileLimits, inspect_file
from gateway.office import Measure, is_office, without_traces
from tests.fakes.pictures import photo, tells

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
TYPES = "[Content_Types].xml"

LETTER = {
    TYPES: b"<Types/>",
    "docProps/core.xml": b"<cp:coreProperties><dc:creator>Ani Contoh</dc:creator></cp:coreProperties>",
    "docProps/app.xml": b"<Properties><Company>Toko Ani</Company></Properties>",
    "docProps/custom.xml": b"<Properties><property>Ani</property></Properties>",
    "word/document.xml": b"<w:p><w:ins w:id='1' w:author='Ani Contoh'><w:t>Lampu padam</w:t></w:ins></w:p>",
    "word/comments.xml": b'<w:comment w:author="Ani Contoh" w:initials="AC"><w:t>benar</w:t></w:comment>',
    "word/people.xml": b'<w15:person w15:author="Ani Contoh"><w15:presenceInfo w15:userId="ani@x"/></w15:person>',
}
TEXT = {
    "mimetype": ODT.encode(),
    "META-INF/manifest.xml": b"<manifest:manifest/>",
    "meta.xml": b"<office:meta><meta:initial-creator>Ani</meta:initial-creator></office:meta>",
    "content.xml": b"<office:annotation><dc:creator>Ani</dc:creator><text:p>Lampu padam</text:p></office:annotation>",
    "settings.xml": b'<config:config-item config:name="PrinterName" t="s">Pencetak Ani</config:config-item>',
}


def packed(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, inside in parts.items():
            package.writestr(name, inside)
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {part.filename: package.read(part) for part in package.infolist()}


def untouched(picture: bytes) -> bytes | None:
    return picture


@pytest.mark.parametrize(("parts", "kind"), [(LETTER, DOCX), (TEXT, ODT)], ids=["docx", "odt"])
def test_no_part_names_anybody_any_more_and_what_is_written_stays(parts: dict[str, bytes], kind: str) -> None:
    made, is_clean = without_traces(packed(parts), untouched)
    left = unpacked(made)
    assert (is_clean, list(left), told_type(made)) == (True, list(parts), kind)
    assert [name for name, inside in left.items() if b"Ani" in inside or b"ani@" in inside] == []
    assert any(b"Lampu padam" in inside for inside in left.values())


def test_a_table_of_a_real_library_opens_and_has_no_author() -> None:
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Ani Contoh"
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Lampu padam"
    sheet["A1"].comment = Comment("benar", "Ani Contoh")
    kept = BytesIO()
    book.save(kept)
    found = inspect_file(kept.getvalue(), XLSX, FileLimits())
    assert (found.media_type, found.notes, found.withheld) == (XLSX, (), None)
    assert found.travels is not None
    assert [name for name, inside in unpacked(found.travels).items() if b"Ani Contoh" in inside] == []
    again = load_workbook(BytesIO(found.travels)).active
    assert again is not None
    assert (again["A1"].value, str(again["A1"].comment.text)) == ("Lampu padam", "benar")


def test_a_picture_inside_loses_its_place_and_one_that_cannot_is_told() -> None:
    seen = photo()
    found = inspect_file(packed({**LETTER, "word/media/image1.jpeg": seen}), DOCX, FileLimits())
    assert found.travels is not None
    assert (found.notes, tells(seen) != [], tells(unpacked(found.travels)["word/media/image1.jpeg"])) == ((), True, [])
    broken = inspect_file(packed({**LETTER, "word/media/image1.jpeg": b"\xff\xd8\xff\xe1 GPS"}), DOCX, FileLimits())
    assert broken.notes == (METADATA_KEPT,)


def test_when_a_part_was_saved_is_told_to_nobody() -> None:
    made, _ = without_traces(packed(LETTER), untouched)
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_other_names_of_people_and_machines_are_gone_too() -> None:
    told = {
        TYPES: b"<Types/>",
        "xl/workbook.xml": b'<x15ac:absPath url="C:\\Users\\Ani\\"/><fileSharing userName="Ani"/><sheets/>',
        "xl/comments1.xml": b"<authors><author>Ani</author></authors>",
        "ppt/commentAuthors.xml": b'<p:cmAuthor id="0" name="Ani" initials="A"/>',
    }
    left = unpacked(without_traces(packed(told), untouched)[0])
    assert left["xl/workbook.xml"] == b'<fileSharing userName=""/><sheets/>'
    assert left["xl/comments1.xml"] == b"<authors><author></author></authors>"
    assert left["ppt/commentAuthors.xml"] == b'<p:cmAuthor id="0" name="" initials=""/>'


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("_xmlsignatures/sig1.xml", b"<Signature/>"),
        ("META-INF/documentsignatures.xml", b"<Signature/>"),
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
    ],
)
def test_a_signed_or_encrypted_document_is_not_touched_and_told(name: str, inside: bytes) -> None:
    content = packed({**LETTER, name: inside})
    assert without_traces(content, untouched) == (content, False)


@pytest.mark.parametrize(
    ("name", "inside"),
    [("word/embeddings/oleObject1.bin", b"Ani"), ("word/vbaProject.bin", b"Ani"), ("a.xml", b"\xff\xfe<\0a\0/\0>\0")],
    ids=["embedded", "macros", "two bytes a sign"],
)
def test_what_cannot_be_looked_into_goes_as_it_is_and_is_told(name: str, inside: bytes) -> None:
    made, is_clean = without_traces(packed({**LETTER, name: inside}), untouched)
    assert (is_clean, unpacked(made)[name]) == (False, inside)


def test_a_part_of_no_meaning_goes_as_it_is() -> None:
    made, is_clean = without_traces(packed({**LETTER, "word/fonts/font1.ttf": b"Ani"}), untouched)
    assert (is_clean, unpacked(made)["word/fonts/font1.ttf"]) == (True, b"Ani")


@pytest.mark.parametrize("most", [Measure(bytes=500), Measure(parts=3)], ids=["bytes", "parts"])
def test_a_bomb_is_not_unpacked(most: Measure) -> None:
    content = packed({**LETTER, "word/a.xml": bytes(1000)})
    assert without_traces(content, untouched, most) == (content, False)


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    content = packed(TEXT)
    spoiled = content[:at] + noise + content[at + len(noise) :]
    made, _ = without_traces(spoiled, untouched)
    assert isinstance(made, bytes)


@pytest.mark.parametrize(("media_type", "expected"), [(DOCX, True), (ODT, True), ("application/msword", False)])
def test_only_packages_are_office_documents_here(media_type: str, expected: bool) -> None:
    assert is_office(media_type) is expected
