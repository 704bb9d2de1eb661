"""Mails that came back: which handoff's, for good or for now, from any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.bounces import Bounce, read_bounce
from adapters.outbound.mail_ids import message_id, return_path
from tests.fakes.cases import HANDOFF_ID

TO = return_path(HANDOFF_ID, "bounces@gateway.example.go.id")
MAIL_ID = message_id(HANDOFF_ID, "gateway.example.go.id")


def a_report(action: str, status: str, to: str = TO, returned: str = MAIL_ID) -> bytes:
    return (
        f"To: {to}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nMaaf.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; warga@example.id\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {returned}\r\n\r\n--x--\r\n"
    ).encode()


def test_a_failure_names_its_handoff_by_the_return_path() -> None:
    assert read_bounce(a_report("failed", "5.1.1", returned="<x@y>")) == Bounce(HANDOFF_ID, True, "5.1.1", 550)


def test_a_failure_names_its_handoff_by_the_returned_headers() -> None:
    assert read_bounce(a_report("failed", "5.2.2", to="bounces@x.example")) == Bounce(HANDOFF_ID, True, "5.2.2", 550)


def test_a_failure_names_its_handoff_by_the_envelope() -> None:
    assert read_bounce(a_report("failed", "5.1.1", to="", returned=""), TO) == Bounce(HANDOFF_ID, True, "5.1.1", 550)


@pytest.mark.parametrize(("action", "expected"), [("failed", True), ("delayed", False)])
def test_a_delay_is_no_failure(action: str, expected: bool) -> None:
    found = read_bounce(a_report(action, "4.4.1"))
    assert found is not None
    assert found.permanent is expected


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    assert read_bounce(a_report(action, "2.0.0")) is None


def test_what_qmail_says_is_understood() -> None:
    raw = f"To: {TO}\n\nHi. This is the qmail-send program.\nThis is a permanent error; I've given up.\n".encode()
    assert read_bounce(raw) == Bounce(HANDOFF_ID, True)


def test_a_failure_of_somebody_elses_mail_is_none_of_ours() -> None:
    assert read_bounce(a_report("failed", "5.1.1", to="x@y.example", returned="<a@b>")) is None


@given(st.binary(max_size=400), st.integers(0, 700))
def test_any_bytes_are_survived(noise: bytes, place: int) -> None:
    whole = a_report("failed", "5.1.1")
    for raw in (noise, whole[:place] + noise + whole[place:]):
        found = read_bounce(raw)
        assert found is None or isinstance(found.permanent, bool)


def test_a_warning_in_words_is_a_delay() -> None:
    raw = f"To: {TO}\n\nTHIS IS A WARNING MESSAGE ONLY. We will keep trying.\n".encode()
    assert read_bounce(raw) == Bounce(HANDOFF_ID, False)


def test_a_mail_that_is_nested_beyond_reason_is_read_by_its_words() -> None:
    nested = b"Content-Type: message/rfc822\n\n" * 3000
    raw = f"To: {TO}\nContent-Type: message/rfc822\n\n".encode() + nested + b"This is a permanent error\n"
    assert read_bounce(raw) == Bounce(HANDOFF_ID, True)
