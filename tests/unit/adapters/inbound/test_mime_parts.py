"""A message is taken apart as RFC 2046 says, within limits that hold for whatever comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.mime_parts import DEEPEST, MOST_PARTS, Part, headers_and_body, take_apart


def multipart(*parts: bytes, boundary: str = "b", end: bytes = b"--b--\r\n") -> bytes:
    head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts) + end


def bodies(raw: bytes) -> list[bytes]:
    return [part.body for part in take_apart(raw).walk() if not part.parts]


def test_headers_are_unfolded_and_end_at_the_first_empty_line() -> None:
    raw = b"Subject: satu\r\n\tdua\r\nX-Rusak\r\nFrom : a@b\r\n\r\nisi\r\n\r\nlagi"
    assert headers_and_body(raw) == ([("subject", "satu dua"), ("from", "a@b")], b"isi\r\n\r\nlagi")


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"hanya isi\r\ndua baris", b"hanya isi\r\ndua baris"),
        (b"\r\nisi: bukan kepala", b"isi: bukan kepala"),
        (b"\nisi", b"isi"),
        (b"", b""),
    ],
)
def test_what_has_no_headers_is_all_body(raw: bytes, body: bytes) -> None:
    assert headers_and_body(raw) == ([], body)


def test_parts_stand_between_their_delimiters() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\npendahuluan\n--b\n\nsatu\n--bukan\n--b \n\ndua\n--b--\nsisa"
    assert bodies(raw) == [b"satu\n--bukan", b"dua"]
    assert bodies(multipart(b"\r\nsatu", b"\r\ndua")) == [b"satu", b"dua"]
    assert bodies(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\ndua\n--b--") == [b"", b"dua"]


def test_an_inner_boundary_that_begins_like_the_outer_one_is_its_own() -> None:
    inner = multipart(b"\r\ndalam", boundary="b-1", end=b"--b-1--\r\n")
    assert bodies(multipart(inner, b"\r\nluar")) == [b"dalam", b"luar"]


def test_the_last_part_of_a_message_that_broke_off_is_there() -> None:
    assert bodies(multipart(b"\r\nsatu", end=b"")) == [b"satu\r\n"]
    assert bodies(multipart(end=b"--b")) == [b"--b"]


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/mixed; boundary=x", "multipart/mixed; boundary="])
def test_a_message_whose_parts_cannot_be_told_keeps_its_body(kind: str) -> None:
    part = take_apart(f"Content-Type: {kind}\r\n\r\nisi".encode())
    assert (part.parts, part.body) == ((), b"isi")


@pytest.mark.parametrize(
    ("header", "body", "content"),
    [
        ("base64", b"amFs\r\nYW4=", b"jalan"),
        ("Quoted-Printable", b"jal=61n =\r\nrusak", b"jalan rusak"),
        ("8bit", b"jalan\xff", b"jalan\xff"),
        ("entah", b"jalan", b"jalan"),
    ],
)
def test_the_transfer_encoding_is_undone(header: str, body: bytes, content: bytes) -> None:
    assert Part({"content-transfer-encoding": header}, "text/plain", body).content() == content


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('x/y; name="foto jalan.jpg"', "foto jalan.jpg"),
        ("x/y; name*=utf-8''foto%20jalan.jpg", "foto jalan.jpg"),
        ("x/y; name*0=foto; name*1=.jpg", "foto.jpg"),
        ('x/y; name="=?utf-8?q?foto=20jalan.jpg?="', "foto jalan.jpg"),
        ("x/y", ""),
        ("", ""),
        ("x/y; name*=tidak-ada''a%20b", "a b"),
    ],
)
def test_parameters_are_read_in_every_spelling(value: str, expected: str) -> None:
    assert Part({"content-type": value}, "x/y", b"").parameter("name") == expected


def test_a_message_within_a_message_is_taken_apart_too() -> None:
    inner = b"Subject: dalam\r\n\r\nisi"
    raw = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: %s\r\n\r\n%s"
    for encoded in (raw % (b"7bit", inner), raw % (b"base64", b"U3ViamVjdDogZGFsYW0NCg0KaXNp")):
        [part] = take_apart(encoded).parts
        assert (part.headers, part.body) == ({"subject": "dalam"}, b"isi")


def test_nesting_without_end_is_cut() -> None:
    raw = b"isi"
    for _ in range(DEEPEST + 5):
        raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
    parts = list(take_apart(raw).walk())
    assert (len(parts), parts[-1].cut) == (DEEPEST + 1, True)


def test_more_parts_than_the_limit_are_cut() -> None:
    message = take_apart(multipart(*[b"\r\nx"] * (MOST_PARTS + 50)))
    assert (len(message.parts), message.cut) == (MOST_PARTS - 1, True)


def test_lines_that_only_begin_like_a_delimiter_do_not_go_on_for_ever() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bx\n" * 20_000 + b"--b\r\n\r\nisi"
    assert take_apart(raw).parts == ()


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_bytes_are_taken_apart(junk: bytes, inner: bytes) -> None:
    typed = b"Content-Type: x/y; " + junk + b"\r\n\r\n" + inner
    for raw in (junk, multipart(inner, junk), typed, b"Content-Type: " + junk + b"\r\n\r\n" + inner):
        for part in take_apart(raw).walk():
            part.content()
            part.parameter("name")
