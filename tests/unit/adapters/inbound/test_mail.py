"""A mail becomes a report of its own words; machines' mail does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import InboundFile, InboundMessage, Unreadable
from adapters.inbound.mail import Mail, headers_of, message_id, read_mail
from schemas.report import ATTACHMENT_LIMIT, Reporter

HEADERS = {"message-id": "<1@contoh.example>", "date": "Mon, 2 Mar 2026 15:15:30 +0700"}
MAIL = Mail("Ani Contoh <ani@contoh.example>", "Re: Jalan", "Jalan rusak.", "", HEADERS, b"{}")


def read(**change: object) -> InboundMessage:
    message = read_mail(replace(MAIL, **change))
    assert isinstance(message, InboundMessage)
    return message


def test_sender_title_and_time_are_read() -> None:
    message = read()
    assert (message.title, message.content, message.message_id) == ("Jalan", "Jalan rusak.", "<1@contoh.example>")
    assert message.reporter == Reporter(name="Ani Contoh", email="ani@contoh.example")
    assert message.sent_at == datetime(2026, 3, 2, 15, 15, 30, tzinfo=timezone(timedelta(hours=7)))


@pytest.mark.parametrize(
    ("date", "expected"),
    [("Mon, 2 Mar 2026 08:15:30 -0000", datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)), ("kemarin", None), ("", None)],
)
def test_a_date_is_read_or_left_out(date: str, expected: datetime | None) -> None:
    assert read(headers={"date": date}).sent_at == expected


def test_html_is_read_only_where_there_is_no_text() -> None:
    assert read(html="<p>lain</p>").content == "Jalan rusak."
    assert read(text=" ", html="<p>lain</p>").content == "lain"


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; x=1"},
        {"precedence": "Bulk"},
        {"return-path": "<>"},
        {"content-type": "multipart/report; report-type=disposition-notification"},
        {"x-autoreply": "yes"},
    ],
)
def test_the_mail_of_a_machine_is_set_aside(headers: dict[str, str]) -> None:
    message = read_mail(replace(MAIL, headers=HEADERS | headers))
    assert message == Unreadable("<1@contoh.example>", "automatic_mail", b"{}")


@pytest.mark.parametrize("headers", [{"auto-submitted": "no"}, {"precedence": "first-class"}, {"return-path": "<a@b>"}])
def test_the_mail_of_a_person_is_not(headers: dict[str, str]) -> None:
    assert read(headers=HEADERS | headers).content == "Jalan rusak."


def test_a_mail_with_nothing_in_it_is_set_aside() -> None:
    message = read_mail(replace(MAIL, subject="Re:", text="\n"))
    assert isinstance(message, Unreadable)
    assert message.reason == "mail_empty"


@pytest.mark.parametrize(
    "headers",
    [
        {"references": "<1@contoh.example> <jawab@kota.example>", "in-reply-to": "<jawab@kota.example>"},
        {"in-reply-to": "<1@contoh.example>"},
    ],
)
def test_a_reply_continues_the_first_mail_of_its_thread(headers: dict[str, str]) -> None:
    reply = read(headers={"message-id": "<2@contoh.example>"} | headers)
    assert reply.conversation == read().conversation == "ani@contoh.example <1@contoh.example>"


def test_another_mail_of_the_same_sender_is_another_conversation() -> None:
    assert read(headers={"message-id": "<2@contoh.example>"}).conversation != read().conversation


def test_a_file_that_is_too_large_is_mentioned_and_an_empty_one_left_out() -> None:
    large = InboundFile("film.mp4", "video/mp4", bytes(ATTACHMENT_LIMIT + 1))
    small = InboundFile("foto.jpg", "image/jpeg", b"\xff\xd8")
    message = read(files=(large, small, InboundFile("kosong.txt", "text/plain", b"")))
    assert message.files == (small,)
    assert message.content.startswith("Jalan rusak.\n[Lampiran melebihi 20 MB")
    assert message.content.endswith("film.mp4]")


def test_without_a_message_id_the_same_mail_has_the_same_id() -> None:
    bare = replace(MAIL, headers={})
    assert message_id(bare) == message_id(replace(bare, raw=b"lain")) != message_id(replace(bare, text="lain"))


def test_headers_are_unfolded_and_the_first_of_each_counts() -> None:
    text = "Subject: Jalan\n  rusak\nReceived: a\nReceived: b\nX-Kosong:\n\nisi: bukan kepala\n"
    assert headers_of(text) == {"subject": "Jalan rusak", "received": "a", "x-kosong": ""}


@pytest.mark.parametrize("scrap", ["(", "<", "a,", '"', "\\", "@", "[", "a:"])
def test_a_sender_or_a_date_that_leaves_everything_open_costs_only_itself(scrap: str) -> None:
    message = read(sender=scrap * 2000, headers=HEADERS | {"date": scrap * 2000})
    assert (message.content, message.sent_at) == ("Jalan rusak.", None)


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_any_mail_is_read_or_set_aside(sender: str, subject: str, text: str, html: str, headers: str) -> None:
    part = read_mail(Mail(sender, subject, text, html, headers_of(headers), b"{}"))
    assert isinstance(part, InboundMessage | Unreadable)
    assert part.message_id


@given(st.dictionaries(st.sampled_from(["date", "message-id", "references", "in-reply-to"]), st.text()), st.text())
def test_any_headers_are_survived(headers: dict[str, str], sender: str) -> None:
    assert read_mail(replace(MAIL, headers=headers, sender=sender)).message_id


@pytest.mark.parametrize("header", ["list-id", "list-post", "list-unsubscribe"])
def test_a_mail_through_a_list_is_a_report_that_nobody_is_answered_to(header: str) -> None:
    message = read(headers=HEADERS | {header: "<warga.lists.contoh.example>"})
    assert (message.content, message.reply) == ("Jalan rusak.", None)


def test_a_reply_follows_its_thread_and_is_answered_in_it() -> None:
    message = read(headers=HEADERS | {"references": "<0@contoh.example> <00@gateway.example>"})
    assert message.follows is True
    assert message.reply is not None
    assert (message.reply.root, message.reply.thread) == ("<0@contoh.example>", "<1@contoh.example>")
    assert read().follows is False


def test_a_mail_that_is_passed_on_is_read_whole() -> None:
    text = "Dari tetangga:\n\nDari: Budi <budi@contoh.example>\nDikirim: Senin\n\n> Air keruh"
    assert read(subject="Fwd: Air", text=text).content == "Dari tetangga:\n\nDikirim: Senin\n\n> Air keruh"
