"""Vonage's signature in each of its algorithms, only in the one that was chosen, and only while it is young."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from urllib.parse import urlencode

import orjson
import pytest

from adapters.channels.vonage.adapter import ADAPTER
from adapters.contract import InboundMessage, InboundRequest, TextPart
from schemas.errors import BadSignature
from tests.unit.adapters.channels.golden import given, request_of

# The example of Vonage's own library (vonage-python-sdk, tests/test_signature.py).
DOCUMENTED = {"a": "1", "b": "2", "timestamp": "1461605396", "sig": "6af838ef94998832dbfc29020b564830"}
METHODS = ("md5hash", "md5", "sha1", "sha256", "sha512")
FIELDS = {"msisdn": "6281100000001", "messageId": "1", "text": "a&b=c", "timestamp": "1772439330"}
NOW = datetime.fromtimestamp(1772439330, UTC)


def secrets(method: str = "md5hash", secret: str = "secret") -> dict[str, str]:
    return {"signature_secret": secret, "signature_method": method}


def signature(fields: dict[str, str], method: str) -> str:
    signed = "".join(f"&{name}={fields[name].replace('&', '_').replace('=', '_')}" for name in sorted(fields)).encode()
    if method == "md5hash":
        return md5(signed + b"secret").hexdigest()  # noqa: S324 - as Vonage does
    return hmac.new(b"secret", signed, method).hexdigest().upper()


def asked(fields: dict[str, str]) -> InboundRequest:
    return InboundRequest("GET", "", fields, {}, b"")


def test_the_documented_signature_is_taken() -> None:
    ADAPTER.verify(asked(DOCUMENTED), secrets())


@pytest.mark.parametrize("method", METHODS)
def test_every_algorithm_is_taken_in_every_way_of_sending(method: str) -> None:
    fields = FIELDS | {"sig": signature(FIELDS, method)}
    for request in (
        asked(fields),
        InboundRequest("POST", "", {}, {}, urlencode(fields).encode()),
        InboundRequest("POST", "", {}, {}, orjson.dumps(fields)),
    ):
        ADAPTER.verify(request, secrets(method))


@pytest.mark.parametrize("sent", METHODS)
@pytest.mark.parametrize("chosen", [*METHODS, "", "sha224", "SHA256"])
def test_only_the_chosen_algorithm_counts(sent: str, chosen: str) -> None:
    fields = FIELDS | {"sig": signature(FIELDS, sent)}
    if sent == chosen:
        ADAPTER.verify(asked(fields), secrets(chosen))
        return
    with pytest.raises(BadSignature, match="signature_method"):
        ADAPTER.verify(asked(fields), secrets(chosen))


@pytest.mark.parametrize(
    "change",
    [{"text": "lain"}, {"lagi": "1"}, {"sig": ""}, {"timestamp": "1772439331"}, {"sig": "0" * 64}],
    ids=str,
)
def test_a_changed_field_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        ADAPTER.verify(asked(FIELDS | {"sig": signature(FIELDS, "sha256")} | change), secrets("sha256"))


def test_a_query_beside_a_body_signs_nothing_of_the_body() -> None:
    query = FIELDS | {"sig": signature(FIELDS, "sha256")}
    with pytest.raises(BadSignature):
        ADAPTER.verify(InboundRequest("POST", "", query, {}, b"text=palsu&messageId=2"), secrets("sha256"))


@pytest.mark.parametrize(
    "request_", [asked({}), InboundRequest("POST", "", {}, {}, b""), InboundRequest("POST", "", {}, {}, b"{")]
)
def test_a_request_without_fields_is_refused(request_: InboundRequest) -> None:
    with pytest.raises(BadSignature):
        ADAPTER.verify(request_, secrets())


@pytest.mark.parametrize(("hours", "young"), [(0, True), (25, True), (31, False), (-31, False)])
def test_an_old_signature_is_refused(hours: int, young: bool) -> None:
    request = replace(asked(FIELDS | {"sig": signature(FIELDS, "sha256")}), received_at=NOW + timedelta(hours=hours))
    if young:
        ADAPTER.verify(request, secrets("sha256"))
        return
    with pytest.raises(BadSignature, match="older"):
        ADAPTER.verify(request, secrets("sha256"))


def test_a_message_sent_again_is_the_same_although_it_is_signed_anew() -> None:
    fixture = given("vonage", "documented_json")
    again = given("vonage", "documented_json")
    again["body"] |= {"timestamp": "1772439999", "nonce": "lain", "sig": "lain"}
    assert ADAPTER.parse(request_of(fixture)) == ADAPTER.parse(request_of(again))


def test_get_and_post_make_the_same_message() -> None:
    bodies = {"GET": b"", "POST": urlencode(FIELDS).encode()}
    one, other = (ADAPTER.parse(InboundRequest(method, "", FIELDS, {}, body)) for method, body in bodies.items())
    assert one == other


def test_the_parts_of_a_long_text_say_which_they_are() -> None:
    parts = [ADAPTER.parse(request_of(given("vonage", f"part_{number}_of_2")))[0] for number in (1, 2)]
    messages = [part for part in parts if isinstance(part, InboundMessage)]
    assert [message.text_part for message in messages] == [TextPart("108", 1, 2), TextPart("108", 2, 2)]
    assert len({message.conversation for message in messages}) == 1
    assert len({message.message_id for message in messages}) == 2
