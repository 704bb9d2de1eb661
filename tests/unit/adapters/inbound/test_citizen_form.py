"""The form that a citizen fills in: every mistake at its field, nothing taken that is not whole."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from adapters.contract import InboundFile, InboundMessage, InboundRequest
from adapters.inbound.citizen_form import FILE_LIMIT, read_citizen_form
from schemas.errors import Invalid, Malformed

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
STORY = {"kunci": "0123.99.ab", "cerita": "Lampu jalan padam."}
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 300


def read(**fields: str) -> InboundMessage:
    return read_citizen_form(InboundRequest("POST", "", {}, {}, urlencode(STORY | fields).encode(), NOW))


def mistakes(**fields: str) -> list[str]:
    with pytest.raises(Invalid) as raised:
        read(**fields)
    return [error["at"] for error in raised.value.errors]


def multipart(*files: tuple[str, str, bytes], end: bytes = b"--b--\r\n") -> InboundRequest:
    parts = [b'--b\r\nContent-Disposition: form-data; name="cerita"\r\n\r\nLampu padam.\r\n']
    for field, name, content in files:
        about = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        parts.append(about.encode() + content + b"\r\n")
    return InboundRequest("POST", "", {}, {"content-type": "multipart/form-data; boundary=b"}, b"".join(parts) + end)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"cerita": " "}, ["cerita"]),
        ({"cerita": "x" * 10_001}, ["cerita"]),
        ({"lintang": "6"}, ["bujur"]),
        ({"bujur": "107"}, ["lintang"]),
        ({"lintang": "91", "bujur": "utara"}, ["lintang", "bujur"]),
        ({"lintang": "nan", "bujur": "inf"}, ["lintang", "bujur"]),
        ({"tanggal": "31/01/2026"}, ["tanggal"]),
        ({"tanggal": "2026-03-04"}, ["tanggal"]),
        ({"telepon": "12"}, ["telepon"]),
        ({"telepon": "1234567890123456"}, ["telepon"]),
        ({"telepon": "nomor saya"}, ["telepon"]),
        ({"surel": "warga@contoh"}, ["surel"]),
        ({"nik": "3201"}, ["nik"]),
        ({"kabkota": "x" * 256, "cerita": ""}, ["cerita", "kabkota"]),
    ],
)
def test_each_mistake_is_named_at_its_field(fields: dict[str, str], at: list[str]) -> None:
    assert mistakes(**fields) == at


def test_what_people_write_is_understood() -> None:
    message = read(
        lintang="-6,9", bujur=" 107.6 ", tanggal="2026-03-03", telepon="(0812) 3456-7890", nik="3201 0101.0190-0001"
    )
    assert message.location is not None
    assert message.reporter is not None
    assert (message.location.latitude, message.location.longitude) == (-6.9, 107.6)
    assert (message.message_id, message.reporter.nik) == ("0123", "3201010101900001")


def test_a_story_alone_is_enough() -> None:
    message = read()
    assert (message.content, message.reporter, message.location) == ("Lampu jalan padam.", None, None)


def test_a_file_is_taken_for_what_it_is() -> None:
    [file] = read_citizen_form(multipart(("lampiran1", "tiang.pdf", JPEG), ("lampiran2", "", b""))).files
    assert file == InboundFile("tiang.pdf", "image/jpeg", JPEG)


@pytest.mark.parametrize(
    ("files", "at"),
    [
        ([("lampiran2", "a.jpg", b"MZ" * 50)], ["lampiran2"]),
        ([("lampiran1", "a.jpg", JPEG + b"x" * FILE_LIMIT)], ["lampiran1"]),
        ([(f"berkas{number}", "a.jpg", JPEG) for number in range(4)], ["lampiran3"]),
        ([("lain", "a.exe", b"MZ" * 50)], ["lampiran1"]),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(files: list[tuple[str, str, bytes]], at: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        read_citizen_form(multipart(*files))
    assert [error["at"] for error in raised.value.errors] == at


def test_a_form_that_broke_off_is_refused() -> None:
    with pytest.raises(Malformed):
        read_citizen_form(multipart(("lampiran1", "a.jpg", JPEG), end=b""))


@pytest.mark.parametrize("text", ["a\0b", "a\ufffdb"])
def test_broken_text_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(Malformed):
        read(alamat=text)
    with pytest.raises(Malformed):
        read_citizen_form(multipart(("lampiran1", text, JPEG)))


def test_two_mistakes_at_once_are_told_at_once() -> None:
    assert mistakes(cerita="", telepon="1", surel="x", lintang="x") == [
        "cerita",
        "lintang",
        "bujur",
        "telepon",
        "surel",
    ]


def test_what_proved_the_form_is_not_kept() -> None:
    message = read(situs="", nama="Ani")
    again = read_citizen_form(InboundRequest("POST", "", {}, {}, message.raw, NOW))
    assert (b"99.ab" in message.raw, b"situs" in message.raw, again) == (False, False, message)
