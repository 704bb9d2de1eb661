"""What is kept of a mail is the same whichever way it came, and nothing in it is believed but a trusted relay."""

from __future__ import annotations

import pytest

from adapters.inbound.envelope import handed_in, is_forged

TO = "lapor@kota.example"
MAIL = b"Subject: Jalan\r\nMessage-ID: <1@x>\r\n\r\nRusak\r\n"
WAY = b"Return-Path: <lain@x>\r\nReceived: from a by b; besok\r\nDelivered-To: lain@x\r\nX-Spam: 3\r\n"


def kept(raw: bytes, sender: str = "ani@contoh.example", authority: str = "") -> str:
    return handed_in(raw, sender=sender, receiver=TO, authority=authority).decode()


def test_the_way_of_a_mail_leaves_no_trace() -> None:
    expected = f"Delivered-To: {TO}\r\nSubject: Jalan\r\nMessage-Id: <1@x>\r\n\r\nRusak\r\n"
    assert kept(MAIL) == kept(WAY + MAIL) == expected


@pytest.mark.parametrize("sender", ["", "<>", " "])
def test_a_mail_without_a_sender_says_so(sender: str) -> None:
    assert kept(MAIL, sender=sender).startswith("Return-Path: <>\r\n")


def test_no_header_can_be_slipped_in() -> None:
    sly = handed_in(MAIL, sender="a@b", receiver="x@y\r\nAuto-Submitted: no", authority="")
    assert sly.split(b"\r\n")[0] == b"Delivered-To: x@yAuto-Submitted:no"
    assert "Authentication" not in kept(b"Authentication-Results: mx.kota.example; dmarc=fail\r\n" + MAIL)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (b"mx.kota.example; spf=pass smtp.mailfrom=x; dkim=fail; dkim=pass header.d=x", "spf=pass; dkim=pass"),
        (b"MX.kota.example 1; spf=pass; spf=fail", "spf=pass"),
        (b"mx.kota.example; none", ""),
        (b"mx.penipu.example; dmarc=pass", ""),
    ],
)
def test_only_what_the_trusted_relay_found_is_kept_in_few_words(results: bytes, expected: str) -> None:
    raw = b"Authentication-Results: " + results + b"\r\nAuthentication-Results: lain; dmarc=fail\r\n" + MAIL
    lines = [line for line in kept(raw, authority="mx.kota.example").split("\r\n") if line.startswith("Auth")]
    assert lines == ([f"Authentication-Results: mx.kota.example; {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("mx; spf=fail; dkim=none; dmarc=fail", True),
        ("mx; spf=fail; dmarc=pass", False),
        ("mx; spf=softfail; dkim=none", True),
        ("mx; spf=fail; dkim=pass", False),
        ("mx; spf=pass", False),
        ("", False),
    ],
)
def test_who_is_forged(results: str, expected: bool) -> None:
    assert is_forged(results) is expected
