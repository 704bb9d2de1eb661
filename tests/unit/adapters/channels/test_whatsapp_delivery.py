"""A delivery is taken apart so that no part costs another, and each is the same whenever it comes again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.whatsapp.adapter import ADAPTER
from adapters.contract import DeliveryUpdate, Inbound, InboundMessage, InboundRequest, Unreadable
from schemas.errors import Malformed
from schemas.report import Reporter
from tests.unit.adapters.channels.golden import fixtures_of, request_of
from tests.unit.adapters.channels.golden import given as fixture_of

NUMBER = "6281100000001"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
POSTS = [name for name in fixtures_of("whatsapp") if fixture_of("whatsapp", name)["method"] == "POST"]


def parse(body: bytes) -> list[Inbound]:
    return list(ADAPTER.parse(InboundRequest("POST", "", {}, {}, body)))


def delivery(**value: Any) -> dict[str, Any]:
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1", "changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "2"}, **value}}]}
        ],
    }


def read(**value: Any) -> list[Inbound]:
    return parse(orjson.dumps(delivery(**value)))


def text(body: str = "Jalan rusak.", **more: Any) -> dict[str, Any]:
    return {"from": NUMBER, "id": "wamid.1", "timestamp": "1749416383", "type": "text", "text": {"body": body}, **more}


def only(parts: list[Inbound]) -> InboundMessage:
    [part] = parts
    assert isinstance(part, InboundMessage)
    return part


def reasons(parts: list[Inbound]) -> list[str]:
    return [part.reason for part in parts if isinstance(part, Unreadable)]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"{", b"[1]", b'"x"', b"[" * 100_000])
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body)


@pytest.mark.parametrize(
    "document", [{}, {"object": "page", "entry": [{}]}, {"object": "whatsapp_business_account", "entry": []}]
)
def test_an_authentic_body_of_something_else_is_kept_whole(document: dict[str, Any]) -> None:
    body = orjson.dumps(document)
    assert parse(body) == [Unreadable(None, "not_of_whatsapp", body)]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (5, "entry_without_changes"),
        ({"id": "1"}, "entry_without_changes"),
        ({"changes": [5]}, "change_without_value"),
        ({"changes": [{"field": "messages", "value": []}]}, "change_without_value"),
        ({"changes": [{"field": "account_alerts", "value": {}}]}, "field_account_alerts"),
        ({"changes": [{"field": "Warga Contoh 3174", "value": {}}]}, "field_unknown"),
        ({"changes": [{"field": "messages", "value": {"contacts": []}}]}, "nothing_in_it"),
    ],
)
def test_an_entry_that_cannot_be_read_does_not_cost_the_others(entry: Any, reason: str) -> None:
    document = delivery(messages=[text()])
    document["entry"].insert(0, entry)
    parts = parse(orjson.dumps(document))
    assert (reasons(parts), only(parts[1:]).content) == ([reason], "Jalan rusak.")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (5, "message_without_id"),
        ({"type": "text"}, "message_without_id"),
        ({"type": "text", "id": 5}, "message_without_id"),
        ({"id": "wamid.2"}, "unknown"),
        ({"id": "wamid.2", "type": ["text"]}, "unknown"),
        ({"id": "wamid.2", "type": "text"}, "text_incomplete"),
        ({"id": "wamid.2", "type": "text", "text": {"body": " \n"}}, "text_empty"),
        ({"id": "wamid.2", "type": "image", "image": {"id": ""}}, "image_incomplete"),
        ({"id": "wamid.2", "type": "location", "location": {"latitude": 95, "longitude": 1}}, "location_incomplete"),
        ({"id": "wamid.2", "type": "interactive", "interactive": []}, "interactive_unknown"),
        ({"id": "wamid.2", "type": "interactive", "interactive": {"type": "nfm_reply"}}, "interactive_incomplete"),
        ({"id": "wamid.2", "type": "interactive", "interactive": {"type": "list_reply"}}, "interactive_incomplete"),
        ({"id": "wamid.2", "type": "button", "button": {"payload": "x"}}, "button_incomplete"),
        ({"id": "wamid.2", "type": "contacts", "contacts": [{}]}, "contacts_empty"),
        ({"id": "wamid.2", "type": "contacts", "contacts": {}}, "contacts_incomplete"),
        ({"id": "wamid.2", "type": "order", "order": {}}, "order_empty"),
        ({"id": "wamid.2", "type": "edit"}, "edit_incomplete"),
        ({"id": "wamid.2", "type": "edit", "edit": {"message": {"type": "edit", "edit": {}}}}, "edit"),
        (
            {"id": "wamid.2", "type": "edit", "edit": {"message": {"type": "image", "image": {"id": "9"}}}},
            "edit_without_text",
        ),
        ({"id": "wamid.2", "type": "request_welcome"}, "request_welcome"),
        (
            {"id": "wamid.2", "type": "unsupported", "unsupported": {"type": "poll_creation"}},
            "unsupported_poll_creation",
        ),
        ({"id": "wamid.2", "type": "Warga Contoh"}, "unknown"),
    ],
)
def test_a_message_that_cannot_be_read_does_not_cost_the_others(message: Any, reason: str) -> None:
    parts = read(messages=[message, text()])
    assert (reasons(parts), only(parts[1:]).content) == ([reason], "Jalan rusak.")


def test_what_is_set_aside_keeps_its_id_and_its_bytes() -> None:
    [part] = read(messages=[{"id": "wamid.2", "type": "reaction", "reaction": {"emoji": "👍"}}])
    assert isinstance(part, Unreadable)
    assert (part.message_id, parse(part.raw)) == ("wamid.2", [part])


def test_a_message_that_is_nested_too_deeply_is_kept_with_the_whole_body() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[' + (
        b'{"id":"wamid.2","type":"text","text":{"body":"x"},"deep":'
        + b"[" * 300
        + b"]" * 300
        + b"},"
        + orjson.dumps(text())
        + b"]}}]}]}"
    )
    parts = parse(body)
    assert parts[0] == Unreadable("wamid.2", "nested_too_deeply", body)
    assert only(parts[1:]).content == "Jalan rusak."


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (
            {"id": "wamid.9", "status": "sent", "timestamp": "1750030073"},
            ("sent", datetime(2025, 6, 15, 23, 27, 53, tzinfo=UTC), None),
        ),
        ({"id": "wamid.9", "status": "played"}, ("read", None, None)),
        ({"id": "wamid.9", "status": "failed", "errors": [{"code": 131047}, {"code": 1}]}, ("failed", None, "131047")),
    ],
)
def test_what_became_of_our_own_message(status: dict[str, Any], part: tuple[str, datetime | None, str | None]) -> None:
    assert read(statuses=[status]) == [DeliveryUpdate("wamid.9", *part)]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (5, "status_incomplete"),
        ({"id": "wamid.9"}, "status_incomplete"),
        ({"id": "wamid.9", "status": "deleted"}, "status_deleted"),
    ],
)
def test_a_status_that_is_not_known_is_kept(status: Any, reason: str) -> None:
    [part] = read(statuses=[status])
    assert (part.message_id, reasons([part])) == (None, [reason])


@pytest.mark.parametrize(("error", "reason"), [({"code": 130429}, "error_130429"), ({"title": "x"}, "error_unknown")])
def test_an_error_of_the_account_is_kept(error: Any, reason: str) -> None:
    assert reasons(read(errors=[error])) == [reason]


def test_one_part_that_is_not_in_a_list_is_read() -> None:
    assert only(read(messages=text())).content == "Jalan rusak."


@pytest.mark.parametrize("timestamp", [None, "", "tadi", "9" * 30, [], 1749416383])
def test_a_time_is_read_or_left_out(timestamp: Any) -> None:
    expected = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC) if timestamp == 1749416383 else None
    assert only(read(messages=[text(timestamp=timestamp)])).sent_at == expected


CONTACT = {"profile": {"name": "Warga Contoh"}, "wa_id": NUMBER}
OTHER = {"profile": {"name": "Warga Kedua"}, "wa_id": "6281100000002"}
HIDDEN = {"profile": {"name": "Warga Ketiga"}, "user_id": "ID.1"}
PHONE = f"+{NUMBER}"


@pytest.mark.parametrize(
    ("message", "contacts", "conversation", "reporter"),
    [
        ({"from": NUMBER}, [OTHER, CONTACT], NUMBER, Reporter(name="Warga Contoh", phone=PHONE)),
        ({"from": NUMBER}, [CONTACT, OTHER], NUMBER, Reporter(name="Warga Contoh", phone=PHONE)),
        ({"from": NUMBER}, [{**CONTACT, "wa_id": "1"}], NUMBER, Reporter(name="Warga Contoh", phone=PHONE)),
        ({"from": NUMBER}, [OTHER, HIDDEN], NUMBER, Reporter(phone=PHONE)),
        ({"from": NUMBER}, [5, {"profile": 5}], NUMBER, Reporter(phone=PHONE)),
        ({"from": NUMBER}, None, NUMBER, Reporter(phone=PHONE)),
        (
            {"from": NUMBER},
            [{"profile": {"name": "n" * 300}, "wa_id": NUMBER}],
            NUMBER,
            Reporter(name="n" * 255, phone=PHONE),
        ),
        ({"from": "", "from_user_id": "ID.1"}, [CONTACT, HIDDEN], "ID.1", Reporter(name="Warga Ketiga")),
        ({"from": None}, [HIDDEN], "ID.1", Reporter(name="Warga Ketiga")),
        ({"from": None}, [CONTACT], NUMBER, Reporter(name="Warga Contoh", phone=PHONE)),
        ({"from": "bukan nomor"}, [], "bukan nomor", None),
        ({"from": NUMBER, "group_id": "G1"}, [], f"G1/{NUMBER}", Reporter(phone=PHONE)),
        ({"from": None}, [], None, None),
    ],
)
def test_who_is_talking(message: Any, contacts: Any, conversation: str | None, reporter: Reporter | None) -> None:
    made = only(read(messages=[text(**message)], contacts=contacts))
    assert (made.conversation, made.reporter) == (conversation, reporter)


def test_what_is_kept_names_nobody_but_the_sender() -> None:
    made = only(read(messages=[text()], contacts=[OTHER, CONTACT]))
    assert (b"Warga Contoh" in made.raw, b"Warga Kedua" in made.raw) == (True, False)


def test_what_is_kept_is_the_same_when_it_comes_again_among_others() -> None:
    photo = {"id": "9", "mime_type": "image/jpeg", "url": "https://media.example/?ext=1&hash=a"}
    alone = read(messages=[text(type="image", image=photo)], contacts=[CONTACT])
    later = {**photo, "url": "https://media.example/?ext=2&hash=b"}
    among = read(messages=[text(id="wamid.0"), text(type="image", image=later)], contacts=[OTHER, CONTACT])
    assert only(alone) == only(among[1:])
    assert b"media.example" not in only(alone).raw


@pytest.mark.parametrize("name", POSTS)
def test_what_is_kept_of_a_part_can_be_read_again_as_the_same(name: str) -> None:
    for part in ADAPTER.parse(request_of(fixture_of("whatsapp", name))):
        if isinstance(part, InboundMessage) or (isinstance(part, Unreadable) and part.raw.startswith(b'{"entry"')):
            assert parse(part.raw) == [part]


@pytest.mark.parametrize("digest", [None, "", "bukan", "AAAA", "x" * 64])
def test_a_digest_that_cannot_be_read_is_left_out(digest: str | None) -> None:
    made = only(read(messages=[text(type="image", image={"id": "9", "sha256": digest})]))
    assert [(one.name, one.media_type, one.sha256) for one in made.attachments] == [
        ("image-9", "application/octet-stream", None)
    ]


def test_broken_characters_somewhere_cost_nobody_a_report() -> None:
    body = json.dumps(
        delivery(messages=[text(), text(body="Banjir \ud83d")], contacts=[{"profile": {"name": "W\ud83d"}}])
    )
    assert [part.content for part in parse(body.encode()) if isinstance(part, InboundMessage)] == [
        "Jalan rusak.",
        "Banjir \ufffd",
    ]
    broken = orjson.dumps(delivery(messages=[text("Banjir X")])).replace(b"X", b"\xff")
    assert only(parse(broken)).content == "Banjir \ufffd"


@given(st.lists(JSON), st.lists(JSON), JSON)
def test_any_parts_are_read_or_kept_and_a_good_one_is_always_read(
    messages: list[Any], statuses: list[Any], contacts: Any
) -> None:
    parts = parse(json.dumps(delivery(messages=[*messages, text()], statuses=statuses, contacts=contacts)).encode())
    assert len(parts) == len(messages) + 1 + len(statuses)
    assert [part.content for part in parts if isinstance(part, InboundMessage) and part.message_id == "wamid.1"] == [
        "Jalan rusak."
    ]


TYPES = ["text", "image", "document", "location", "interactive", "button", "contacts", "order", "edit", "reaction"]


@given(st.sampled_from(TYPES), JSON, st.sampled_from([*TYPES, "nfm_reply", "button_reply", "list_reply"]), JSON)
def test_any_payload_of_any_type_is_read_or_kept(kind: str, payload: Any, inner: str, answer: Any) -> None:
    for held in (payload, {"type": inner, inner: answer}, {"message": {"type": inner, inner: answer}}):
        parts = parse(json.dumps(delivery(messages=[{"id": "wamid.1", "type": kind, kind: held}])).encode())
        assert [part.message_id for part in parts] == ["wamid.1"]
