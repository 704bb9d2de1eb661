"""Open311 forms: what makes one post a message, and what is refused."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from adapters.channels.open311.adapter import ADAPTER
from adapters.contract import InboundMessage, InboundRequest
from schemas.errors import BadInput

HEADERS = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
HOLE = [("service_code", "1397"), ("description", "Jalan berlubang"), ("address_string", "Jalan Kenanga")]


def parsed(*fields: tuple[str, str]) -> InboundMessage:
    [message] = ADAPTER.parse(InboundRequest("POST", "", {}, HEADERS, urlencode(fields).encode()))
    return message


def test_every_photo_of_several_is_taken_also_when_the_form_is_read_again() -> None:
    links = ["https://foto.contoh.example/1.jpg", "https://foto.contoh.example/2.jpg"]
    message = parsed(*HOLE, *(("media_url", link) for link in links))
    [again] = ADAPTER.parse(InboundRequest("POST", "", {}, {}, message.raw))
    assert [each.source for each in message.attachments] == links
    assert again == message


def test_the_key_is_never_kept() -> None:
    assert b"rahasia" not in parsed(*HOLE, ("api_key", "sgk_contoh_rahasia")).raw


def test_an_address_that_is_no_link_is_left_out() -> None:
    assert parsed(*HOLE, ("media_url", "javascript:alert(1)")).attachments == ()


def test_an_update_that_only_closes_says_so() -> None:
    message = parsed(("service_request_id", "x"), ("status", "FIXED"))
    assert message.content == "Status menurut pengirim / according to the sender: FIXED"


@pytest.mark.parametrize(
    "fields",
    [
        [("service_request_id", "x"), ("status", "OPEN")],
        [*HOLE, ("attribute[classification]", "apa saja")],
        [*HOLE, ("attribute[incident_date]", "kemarin")],
        [*HOLE, ("lat", "6")],
        [*HOLE, ("lat", "inf"), ("long", "0")],
        [("service_code", "1"), ("description", "x")],
        [("address_string", "x"), ("description", "x")],
    ],
)
def test_what_the_specification_does_not_allow_is_refused(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(BadInput):
        parsed(*fields)


@pytest.mark.parametrize(
    ("code", "category"),
    [("1397", 1397), ("0", None), ("jalan", None), ("01397", None), ("9" * 20, None), ("١٢", None)],
)
def test_a_code_is_lapors_own_id_or_none_at_all(code: str, category: int | None) -> None:
    fields = [("service_code", code), ("description", "Jalan berlubang"), ("address_string", "Jalan Kenanga")]
    assert parsed(*fields).category_id == category
