"""A message of the Internet becomes the words that people see and the files that came with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.mime import read_mime
from adapters.inbound.mime_parts import DEEPEST

HTML = b"Content-Type: text/html\r\n\r\n<p>Jalan <b>rusak</b></p>"


def multipart(kind: str, *parts: bytes) -> bytes:
    joined = b"".join(b"--b\r\n%s\r\n" % part for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n".encode() + joined + b"--b--\r\n"


def text(words: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    return f"Content-Type: {kind}\r\n\r\n{words}".encode()


def test_sender_and_subject_are_read_after_they_were_told_apart() -> None:
    raw = (
        b"From: =?utf-8?q?Ani=2C_S=2ESos_=3Cpalsu=40x=3E?= <ani@contoh.example>\r\nSubject: =?utf-8?q?Jalan?=\r\n\r\nx"
    )
    mail = read_mime(raw)
    assert (mail.sender, mail.subject) == ('"Ani, S.Sos palsu@x" <ani@contoh.example>', "Jalan")


@pytest.mark.parametrize("sender", [b"", b"From: Ani Contoh\r\n", b"From: " + b"(" * 2000 + b"\r\n"])
def test_a_sender_that_cannot_be_told_is_nobody(sender: bytes) -> None:
    assert "@" not in read_mime(sender + b"Subject: x\r\n\r\nx").sender


def test_the_plain_form_of_a_text_is_taken_where_there_are_several() -> None:
    assert read_mime(multipart("alternative", text("Jalan rusak."), HTML)).text == "Jalan rusak."
    assert read_mime(multipart("alternative", text(" "), HTML)).text == "Jalan rusak"
    assert read_mime(HTML).text == "Jalan rusak"


def test_texts_that_follow_each_other_are_all_read() -> None:
    assert read_mime(multipart("mixed", text("satu"), HTML, text("dua"))).text == "satu\n\nJalan rusak\n\ndua"


def test_files_come_with_their_names_and_those_without_get_one() -> None:
    named = b'Content-Type: text/plain; name="catatan.txt"\r\n\r\nisi'
    attached = b"Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>isi</p>"
    bare = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\namFsYW4="
    signature = b"Content-Type: application/pgp-signature\r\n\r\nx"
    files = read_mime(multipart("mixed", text("satu"), named, attached, bare, signature)).files
    assert [(file.name, file.media_type, file.content) for file in files] == [
        ("catatan.txt", "text/plain", b"isi"),
        ("lampiran-2", "text/html", b"<p>isi</p>"),
        ("lampiran-3.jpg", "image/jpeg", b"jalan"),
    ]


@pytest.mark.parametrize(
    ("about", "line"),
    [
        (
            b"Subject: =?utf-8?q?Jalan?= rusak\r\nDate: besok\r\n",
            "[Surat terlampir / Forwarded mail: Jalan rusak, besok]",
        ),
        (b"X-Lain: x\r\n", "[Surat terlampir / Forwarded mail]"),
    ],
)
def test_a_mail_within_the_mail_is_told_below_a_line_that_says_so(about: bytes, line: str) -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + about + b"\r\nisi"
    assert read_mime(multipart("mixed", text("Terlampir."), inner)).text == f"Terlampir.\n\n{line}\n\nisi"


def test_lines_that_were_wrapped_on_the_way_are_whole_again() -> None:
    flowed = "satu \r\ndua\r\n> kutipan \r\n> lagi\r\n  tiga\r\n-- \r\nAni"
    kind = "text/plain; format=flowed"
    assert read_mime(text(flowed, kind)).text == "satu dua\n> kutipan \n> lagi\n tiga\n-- \nAni"
    assert read_mime(text("satu \r\ndua", kind + "; delsp=yes")).text == "satudua"


def test_a_mail_too_intricate_says_that_part_of_it_was_not_read() -> None:
    raw = text("isi")
    for _ in range(DEEPEST + 2):
        raw = multipart("mixed", raw) if b"boundary" not in raw else b"Content-Type: message/rfc822\r\n\r\n" + raw
    assert read_mime(raw).text.endswith("not read]")


def test_a_mail_whose_parts_cannot_be_told_is_read_as_text() -> None:
    assert read_mime(b"Content-Type: multipart/mixed\r\n\r\nJalan rusak").text == "Jalan rusak"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert read_mime(raw).raw == raw
