"""Vendors that sign nothing: a token or a password in its place, and their messages told apart from their noise."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from adapters.channels.fonnte.adapter import ADAPTER as FONNTE
from adapters.channels.infobip.adapter import ADAPTER as INFOBIP
from adapters.channels.qontak.adapter import ADAPTER as QONTAK
from adapters.contract import Inbound, InboundMessage, InboundRequest, Unreadable
from schemas.errors import BadSignature, Malformed
from schemas.report import Location
from tests.unit.adapters.channels.golden import given, request_of

FONNTE_TEXT = given("fonnte", "text")["body"]
QONTAK_TEXT = given("qontak", "text")["body"]


def fonnte(**change: Any) -> Inbound:
    [part] = FONNTE.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(FONNTE_TEXT | change)))
    return part


def qontak(**change: Any) -> list[Inbound]:
    return list(QONTAK.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(QONTAK_TEXT | change))))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("-6.9147,107.6098", Location(latitude=-6.9147, longitude=107.6098)),
        (" -6.9 , 107.6 ", Location(latitude=-6.9, longitude=107.6)),
        ("107.6,-6.9", None),
        ("nan,nan", None),
        ("1e999,1", None),
        ("1,2,3", None),
        ("Jalan Melati", None),
        ("", None),
    ],
)
def test_a_place_is_latitude_and_longitude(text: str, place: Location | None) -> None:
    part = fonnte(location=text)
    assert isinstance(part, InboundMessage)
    assert part.location == place


def test_fonntes_secret_key_is_not_kept() -> None:
    assert b"kunci-rahasia" not in fonnte(secret="kunci-rahasia").raw  # type: ignore[union-attr]


@pytest.mark.parametrize("inboxid", [None, "", 0, "0"])
def test_without_an_id_the_same_message_has_the_same_id(inboxid: Any) -> None:
    ids = [fonnte(inboxid=inboxid, message=message).message_id for message in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0]


def test_a_status_of_fonnte_is_set_aside() -> None:
    part = fonnte(sender=None, state="sent")
    assert isinstance(part, Unreadable)
    assert part.reason == "message_without_sender"


@pytest.mark.parametrize("role", ["agent", "bot", "system", "Models::User"])
def test_only_customers_are_heard(role: str) -> None:
    assert qontak(sender={"name": "x", "participant_type": role}) == []


def test_a_message_without_a_role_is_the_customers_as_its_event_says() -> None:
    [part] = qontak(sender={"name": "Warga"})
    assert isinstance(part, InboundMessage)


def test_the_room_is_the_conversation_and_without_one_the_sender() -> None:
    assert [part.conversation for part in qontak() if isinstance(part, InboundMessage)] == [QONTAK_TEXT["room"]["id"]]
    [part] = qontak(room=None)
    assert isinstance(part, InboundMessage)
    assert part.conversation == QONTAK_TEXT["sender_id"]


@pytest.mark.parametrize(
    "request_",
    [
        InboundRequest("POST", "", {"token": "kata"}, {}, b'{"verify_info":"abc"}'),
        InboundRequest("GET", "", {"token": "kata", "verify_info": "abc"}, {}, b""),
    ],
)
def test_qontaks_verification_is_sent_back_to_who_knows_the_token(request_: InboundRequest) -> None:
    answer = QONTAK.handshake(request_, {"token": "kata"})
    assert answer is not None
    assert (answer.body, answer.media_type) == (b'{"verify_info":"abc"}', "application/json")
    with pytest.raises(BadSignature):
        QONTAK.handshake(request_, {"token": "lain"})


@pytest.mark.parametrize(
    "body", [b"", b'{"text":"verify_info"}', b'"verify_info', orjson.dumps(QONTAK_TEXT | {"verify_info": 1})]
)
def test_a_message_is_no_verification(body: bytes) -> None:
    assert QONTAK.handshake(InboundRequest("POST", "", {}, {}, body), {"token": "kata"}) is None


@pytest.mark.parametrize(
    ("name", "password"), [("infobip-kota", "salah"), ("salah", "sandi-contoh"), ("", ""), ("infobip-kota", "")]
)
def test_both_name_and_password_must_be_right(name: str, password: str) -> None:
    with pytest.raises(BadSignature):
        INFOBIP.verify(request_of(given("infobip", "documented")), {"username": name, "password": password})


@pytest.mark.parametrize("body", [b"{}", b'{"results":{}}', b'{"results":null}'])
def test_a_body_without_results_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed, match="results"):
        INFOBIP.parse(InboundRequest("POST", "", {}, {}, body))


def test_one_broken_result_takes_no_other_with_it() -> None:
    parts = INFOBIP.parse(request_of(given("infobip", "several_with_one_broken")))
    assert [type(part).__name__ for part in parts] == ["InboundMessage"] * 2 + ["Unreadable"] * 3
