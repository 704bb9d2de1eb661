"""The native channel takes reports whole, or names every place to mend without repeating what stood there."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.native.adapter import ADAPTER, BATCH_LIMIT
from adapters.contract import InboundMessage, InboundRequest
from schemas.errors import BadInput, Invalid, Malformed, NotFound
from schemas.report import Attachment, ReportSubmission
from tests.fakes.pouring import collected
from tests.unit.adapters.channels.golden import CHANNELS

LEAST = {"message_id": "loket-1", "content": "Jalan di depan pasar rusak."}


def posted(body: bytes) -> InboundRequest:
    return InboundRequest("POST", "https://gateway.example/v1/reports", {}, {}, body)


def parse(document: Any) -> list[InboundMessage]:
    return list(ADAPTER.parse(posted(orjson.dumps(document))))


def problems(document: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse(document)
    return {error["at"]: error["problem"] for error in caught.value.errors}


def batch(size: int) -> list[dict[str, str]]:
    return [{"message_id": f"loket-{number}", "content": "Jalan rusak."} for number in range(size)]


def test_one_report_and_a_list_of_one_are_the_same() -> None:
    assert parse(LEAST) == parse([LEAST])


def test_a_batch_keeps_its_order() -> None:
    ids = [message.message_id for message in parse(batch(BATCH_LIMIT))]
    assert ids == [f"loket-{number}" for number in range(500)]


def test_white_space_before_a_list_does_not_matter() -> None:
    assert len(ADAPTER.parse(posted(b" \r\n\t" + orjson.dumps(batch(2))))) == 2


@pytest.mark.parametrize("size", [0, BATCH_LIMIT + 1])
def test_a_batch_has_one_to_500_reports(size: int) -> None:
    assert list(problems(batch(size))) == ["body"]


def test_the_same_report_is_kept_as_the_same_bytes_however_it_is_sent() -> None:
    spaced = json.dumps(dict(reversed(LEAST.items())), indent=4).encode()
    kept = {
        message.raw
        for body in (orjson.dumps(LEAST), spaced, b"[" + spaced + b"]")
        for message in ADAPTER.parse(posted(body))
    }
    assert kept == {b'{"content":"Jalan di depan pasar rusak.","message_id":"loket-1"}'}


def test_another_content_is_kept_as_other_bytes() -> None:
    assert parse(LEAST)[0].raw != parse({**LEAST, "extra": {"loket": 3}})[0].raw


def test_an_id_that_stands_twice_is_refused_with_both_places() -> None:
    assert problems([*batch(3), {**LEAST, "message_id": "loket-1"}]) == {
        "3.message_id": "is the same as in report 1: give every report an id of its own"
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"message_id":"\\ud800"}',
        b"[" * 5000,
        b'{"message_id":"a","content":"b","extra":{"x":1e400}}',
    ],
)
def test_what_is_no_json_is_malformed_and_the_place_is_named(body: bytes) -> None:
    with pytest.raises(Malformed, match=r"line \d+ column \d+"):
        ADAPTER.parse(posted(body))


@pytest.mark.parametrize(
    ("change", "at", "problem"),
    [
        ({"content": ...}, "content", "is missing: add it"),
        ({"message_id": ""}, "message_id", "is too short: at least 1 character"),
        ({"title": "x" * 256}, "title", "is too long: at most 255 characters"),
        ({"title": 5}, "title", "must be text in quotes"),
        ({"pengirim": "x"}, "pengirim", "is no field of a report: remove it, or put it into `extra`"),
        ({"classification": "keluhan"}, "classification", "must be one of 'pengaduan_berkadar_pengawasan', "),
        ({"is_secret": "rahasia"}, "is_secret", "must be true or false"),
        ({"is_secret": []}, "is_secret", "must be true or false"),
        ({"category_id": "dua"}, "category_id", "must be a whole number"),
        ({"category_id": 1.5}, "category_id", "must be a whole number"),
        ({"category_id": []}, "category_id", "must be a whole number"),
        ({"category_id": 0}, "category_id", "must be 1 or more"),
        ({"category_id": "9" * 5000}, "category_id", "must be a smaller number"),
        ({"incident_date": "kemarin"}, "incident_date", "must be a date, such as 2026-01-31"),
        ({"sent_at": "2026-01-31T08:00:00"}, "sent_at", "needs a time zone, such as 2026-01-31T08:00:00+07:00"),
        ({"sent_at": "tadi"}, "sent_at", "must be a time with its zone, such as 2026-01-31T08:00:00+07:00"),
        ({"location": "Pasar"}, "location", "must be an object in braces"),
        ({"location": {"latitude": 91}}, "location.latitude", "must be 90 or less"),
        ({"location": {"latitude": "utara"}}, "location.latitude", "must be a number"),
        (
            {"location": {"region_code": "Jakarta"}},
            "location.region_code",
            "must be a Kemendagri code of 2, 4, 6 or 10 digits",
        ),
        ({"reporter": {"nik": "12"}}, "reporter.nik", "must be the 16 digits of a NIK, without spaces"),
        ({"extra": []}, "extra", "must be an object in braces"),
        ({"attachments": {}}, "attachments", "must be a list in brackets"),
        (
            {"attachments": [{"name": "a", "content_base64": ""}] * 11},
            "attachments",
            "has too many entries: at most 10",
        ),
        ({"attachments": [{"name": "a"}]}, "attachments.0.content_base64", "is missing: add it"),
    ],
)
def test_every_problem_says_where_and_what_to_do(change: dict[str, Any], at: str, problem: str) -> None:
    document = {name: value for name, value in {**LEAST, **change}.items() if value is not ...}
    found = problems(document)
    assert list(found) == [at]
    assert found[at].startswith(problem)


@pytest.mark.parametrize(("document", "problem"), [("Jalan rusak", "an object"), (5, "an object"), ([5], "an object")])
def test_a_body_of_another_shape_is_invalid(document: Any, problem: str) -> None:
    assert problem in "".join(problems(document).values())


def test_places_in_a_batch_count_from_0() -> None:
    wrong = {**LEAST, "message_id": "loket-9", "location": {"latitude": 91}}
    assert list(problems([*batch(3), wrong])) == ["3.location.latitude"]


def test_at_most_100_problems_are_named() -> None:
    assert len(problems([{"message_id": f"loket-{number}"} for number in range(500)])) == 100


def test_an_unusual_field_name_is_not_repeated() -> None:
    assert list(problems({**LEAST, "Warga Contoh 3174010101900001": 1})) == ["(unknown field)"]


SECRET = st.text(st.sampled_from("QZ07"), min_size=12, max_size=40)


@given(SECRET, st.sampled_from(list(ReportSubmission.model_fields)), st.booleans())
def test_no_answer_repeats_a_value_that_was_sent(value: str, field: str, nested: bool) -> None:
    document = {**LEAST, "title": value, field: {"name": value, value: value} if nested else [value]}
    try:
        parse(document)
    except BadInput as error:
        answered = error.detail + "".join(map(repr, getattr(error, "errors", [])))
        assert value not in answered


@given(st.binary() | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(orjson.dumps))
def test_any_body_is_read_or_refused_as_bad_input(body: bytes) -> None:
    with pytest.raises(BadInput):
        ADAPTER.parse(posted(body))


def test_nobody_verifies_the_address_and_the_key_is_checked_elsewhere() -> None:
    assert ADAPTER.handshake(posted(b""), {}) is None
    ADAPTER.verify(posted(b"{}"), {})
    assert ADAPTER.secret_names == ()


async def test_there_is_nothing_to_fetch() -> None:
    with pytest.raises(NotFound, match="inside the report"):
        await collected(ADAPTER.fetch, Attachment(name="foto.jpg"), {}, {})


def test_the_example_of_the_documentation_is_taken() -> None:
    text = (CHANNELS / "native" / "README.md").read_text("utf-8")
    [example] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    [message] = ADAPTER.parse(posted(example.encode()))
    assert (message.message_id, [file.content for file in message.files]) == (
        "loket-2025-000124",
        [b"foto tiang lampu"],
    )
