"""The body of a POST: faithful to the case, and nothing that is the gateway's own."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest

from adapters.contract import Case
from adapters.outbound.case_json import case_body
from adapters.outbound.wire import WireCase
from schemas.report import Attachment
from tests.fakes.cases import (
    PHOTO,
    a_case,
    a_file,
    a_message,
    a_photo,
    a_report,
    a_reporter,
    a_withdrawal,
    an_addition,
)


def written(case: Case, *, send_files: bool = False) -> dict[str, Any]:
    body = case_body(case, prior_reference=None, send_files=send_files)
    WireCase.model_validate_json(body)
    return json.loads(body)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("case", "expected"),
    [(a_case(), "case.created"), (an_addition(), "case.added"), (a_withdrawal(), "case.withdrawn")],
    ids=["report", "addition", "withdrawal"],
)
def test_the_type_tells_what_happened(case: Case, expected: str) -> None:
    assert written(case)["type"] == expected


def test_the_reporter_is_told_when_the_case_holds_one() -> None:
    assert written(a_case(reporter=a_reporter()))["case"]["reporter"] == a_reporter().model_dump()


def test_attachments_are_described_without_their_bytes() -> None:
    assert written(a_case())["case"]["attachments"] == [
        {
            "name": "jembatan.jpg",
            "media_type": "image/jpeg",
            "size": len(PHOTO),
            "sha256": sha256(PHOTO).hexdigest(),
        }
    ]


def test_bytes_lie_in_the_case_when_it_is_created_and_in_the_message_when_added() -> None:
    created = written(a_case(files=(a_file(),)), send_files=True)
    added = written(an_addition(files=(a_file(name="tali-putus.jpg"),)), send_files=True)
    assert b64decode(created["case"]["attachments"][0]["content_base64"]) == PHOTO
    assert "content_base64" not in created["messages"][0]["attachments"][0]
    assert b64decode(added["messages"][0]["attachments"][0]["content_base64"]) == PHOTO
    assert "content_base64" not in added["case"]["attachments"][0]


def unfetched(name: str) -> Attachment:
    return a_photo(name=name, size=None, sha256=None)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_file_that_could_not_be_had_leaves_its_own_place_empty(missing: int) -> None:
    names = ["a.jpg", "b.jpg", "c.jpg"]
    files = tuple(a_file(name=name, content=name.encode()) for name in names if name != names[missing])
    case = a_case(report=a_report(attachments=tuple(map(unfetched, names))), files=files)
    sent = [one["content_base64"] for one in written(case, send_files=True)["case"]["attachments"]]
    expected = [None if place == missing else name.encode() for place, name in enumerate(names)]
    assert [content and b64decode(content) for content in sent] == expected


def test_two_files_of_one_name_are_told_apart_by_what_is_known_of_them() -> None:
    first, second = b"halaman satu", b"halaman dua"
    known = a_photo(size=len(first), sha256=sha256(first).hexdigest())
    case = a_case(report=a_report(attachments=(known, unfetched("jembatan.jpg"))), files=(a_file(content=second),))
    sent = [one["content_base64"] for one in written(case, send_files=True)["case"]["attachments"]]
    assert [content and b64decode(content) for content in sent] == [None, second]


def test_two_files_of_one_name_of_which_nothing_is_known_keep_their_order() -> None:
    pages = (b"halaman satu", b"halaman dua")
    attachments = (unfetched("jembatan.jpg"), unfetched("jembatan.jpg"))
    case = a_case(report=a_report(attachments=attachments), files=tuple(a_file(content=page) for page in pages))
    sent = [one["content_base64"] for one in written(case, send_files=True)["case"]["attachments"]]
    assert tuple(map(b64decode, sent)) == pages


def test_every_message_of_the_handoff_goes_along_in_order() -> None:
    messages = (a_message(), a_message(sequence=1, text="Ini fotonya.", attachments=(a_photo(name="baru.jpg"),)))
    sent = written(a_case(messages=messages))["messages"]
    assert [(one["sequence"], one["text"]) for one in sent] == [(0, messages[0].text), (1, "Ini fotonya.")]


def test_a_text_beyond_ascii_arrives_as_it_was_written() -> None:
    text = "Jalan “Ahmad Yani” berlubang 😡 — ꦗꦭꦤ꧀ الطريق\u0000\u2028"
    body = case_body(a_case(report=a_report(content=text)), prior_reference=None, send_files=False)
    assert json.loads(body)["case"]["content"] == text


def test_a_file_that_names_its_attachment_goes_with_it_whatever_its_bytes_are() -> None:
    """A picture that was rewritten before it leaves no longer has the sender's hash."""
    rewritten = a_file(content=b"tanpa metadata", of=a_photo())
    sent = written(a_case(files=(rewritten,)), send_files=True)["case"]["attachments"]
    assert [one["content_base64"] for one in sent] == [b64encode(b"tanpa metadata").decode()]
