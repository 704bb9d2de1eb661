"""Every channel of the registry: golden messages, forged requests refused, garbage survived."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.channels import CHANNELS
from adapters.contract import DeliveryUpdate, Inbound, InboundMessage, InboundRequest, Unreadable
from schemas.errors import BadInput, BadSignature, Denied
from schemas.report import CONTENT_LIMIT
from tests.unit.adapters.channels.golden import (
    fixtures_of,
    golden,
    request_of,
    shown,
    shown_answer,
)
from tests.unit.adapters.channels.golden import given as fixture_of

BODY_NOT_SIGNED = {
    "africastalking": "signs nothing: a token in the address",
    "fonnte": "signs nothing: a token in the address",
    "infobip": "HTTP Basic",
    "mailgun": "signs its time and its own token only",
    "qontak": "signs nothing: a token in the address",
}
SIGNATURE_IN_BODY = {
    "mailgun": re.compile(rb'(signature(?:"\r\n\r\n|=|":"))[0-9a-f]+'),
    "vonage": re.compile(rb'(sig(?:=|":"))[0-9a-fA-F]+'),
}
STRUCTURES = ("body", "form", "mail", "multipart")

FOLDER = Path(__file__).resolve().parents[2] / "adapters" / "channels"

each_channel = pytest.mark.parametrize("channel", CHANNELS)
signed = pytest.mark.parametrize("channel", [name for name, adapter in CHANNELS.items() if adapter.secret_names])
each_fixture = pytest.mark.parametrize(
    ("channel", "name"), [(channel, name) for channel in CHANNELS for name in fixtures_of(channel)]
)


def posts(channel: str) -> Iterator[tuple[InboundRequest, dict[str, str]]]:
    """The channel's fixtures that are deliveries, with the secrets that they are signed with."""
    for name in fixtures_of(channel):
        written = fixture_of(channel, name)
        request, secrets = request_of(written), written.get("secrets", {})
        if written["method"] == "POST" and CHANNELS[channel].handshake(request, secrets) is None:
            yield request, secrets


def resigned(channel: str, request: InboundRequest, text: str) -> InboundRequest:
    """The request with `text` wherever a signature or a secret may stand."""
    pattern, kind = SIGNATURE_IN_BODY.get(channel), request.headers.get("content-type")
    body = pattern.sub(lambda found: found[1] + quote(text).encode(), request.body) if pattern else request.body
    headers = dict.fromkeys(request.headers, text) | ({"content-type": kind} if kind else {})
    return replace(request, headers=headers, query=dict.fromkeys(request.query, text), body=body)


# ------------------------------------------------------------------------------------------------------------- fixtures


@each_fixture
def test_a_request_becomes_its_golden_messages(channel: str, name: str) -> None:
    written, adapter = fixture_of(channel, name), CHANNELS[channel]
    request, secrets = request_of(written), written.get("secrets", {})
    answer = adapter.handshake(request, secrets)
    if answer is not None:
        assert shown_answer(answer) == golden(channel, name)
        return
    adapter.verify(request, secrets)
    assert request.method == "POST" or adapter.takes_get
    assert shown(adapter.parse(request)) == golden(channel, name)


@each_fixture
def test_parsing_twice_gives_the_same(channel: str, name: str) -> None:
    request, adapter = request_of(fixture_of(channel, name)), CHANNELS[channel]
    if adapter.handshake(request, fixture_of(channel, name).get("secrets", {})) is None:
        assert adapter.parse(request) == adapter.parse(request)


@each_channel
def test_what_is_kept_of_a_message_can_be_read_again_by_itself(channel: str) -> None:
    adapter = CHANNELS[channel]
    for request, _ in posts(channel):
        for part in adapter.parse(request):
            if isinstance(part, InboundMessage) and not part.files:
                again = adapter.parse(InboundRequest("POST", "", {}, {}, part.raw))
                assert shown(again) == shown([part])


@each_channel
def test_every_part_has_its_raw_bytes_and_no_two_messages_share_an_id(channel: str) -> None:
    for request, _ in posts(channel):
        parts = CHANNELS[channel].parse(request)
        messages = [part for part in parts if isinstance(part, InboundMessage)]
        assert [part for part in parts if not isinstance(part, DeliveryUpdate) and not part.raw] == []
        assert len({message.message_id for message in messages}) == len(messages)


@each_channel
def test_every_golden_output_belongs_to_a_request(channel: str) -> None:
    outputs = {path.name.removesuffix(".out.json") for path in (FOLDER / channel / "fixtures").glob("*.out.json")}
    assert (outputs, bool(list(posts(channel)))) == (set(fixtures_of(channel)), True)


@each_channel
def test_a_channel_is_registered_under_its_kind_and_has_a_page(channel: str) -> None:
    readme = (FOLDER / channel / "README.md").read_text("utf-8")
    assert CHANNELS[channel].kind == channel
    assert [name for name in CHANNELS[channel].secret_names if f"`{name}`" not in readme] == []
    assert len(readme) > 200


def test_every_adapter_folder_is_registered() -> None:
    assert {path.parent.name for path in FOLDER.glob("*/adapter.py")} == set(CHANNELS)


# ----------------------------------------------------------------------------------------------------------- signatures


@signed
def test_a_body_that_was_changed_is_refused(channel: str) -> None:
    for request, secrets in posts(channel):
        before, _, after = request.body.partition(b"a")
        changed = replace(request, body=before + b"e" + after)
        if channel in BODY_NOT_SIGNED:
            CHANNELS[channel].verify(changed, secrets)
            continue
        with pytest.raises(BadSignature):
            CHANNELS[channel].verify(changed, secrets)


@signed
def test_a_request_without_its_signature_is_refused(channel: str) -> None:
    for request, secrets in posts(channel):
        bare = replace(resigned(channel, request, ""), headers={}, query={})
        with pytest.raises(BadSignature):
            CHANNELS[channel].verify(bare, secrets)


@signed
def test_a_request_that_was_signed_with_another_secret_is_refused(channel: str) -> None:
    for request, secrets in posts(channel):
        with pytest.raises(BadSignature):
            CHANNELS[channel].verify(request, {name: f"bukan-{value}" for name, value in secrets.items()})


@signed
@pytest.mark.parametrize("secrets", ["none", "empty"])
def test_a_channel_whose_secrets_are_missing_takes_nothing(channel: str, secrets: str) -> None:
    names = CHANNELS[channel].secret_names if secrets == "empty" else ()
    for request, _ in posts(channel):
        with pytest.raises(BadSignature):
            CHANNELS[channel].verify(request, dict.fromkeys(names, ""))


@signed
@settings(max_examples=100, deadline=None)
@given(value=st.text(max_size=80) | st.binary(max_size=80).map(lambda junk: junk.decode("latin-1")))
def test_any_text_in_place_of_the_signature_is_only_a_bad_signature(channel: str, value: str) -> None:
    for request, secrets in list(posts(channel))[:3]:
        with pytest.raises(BadSignature):
            CHANNELS[channel].verify(resigned(channel, request, value), secrets)


# -------------------------------------------------------------------------------------------------------------- garbage

scraps = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"9" * 10_000,
    b"\xef\xbb\xbf{}",
    b"\xff\xfe\x00",
    b'{"a": "\\ud800"}',
    b'{"a": 1, "a": NaN}',
]


def _parsed_or_told(channel: str, request: InboundRequest) -> Sequence[Inbound]:
    parts: Sequence[Inbound] = ()
    problem: BadInput | Denied | None = None
    try:
        parts = CHANNELS[channel].parse(request)
    except (BadInput, Denied) as error:
        problem = error
    assert problem is None or problem.detail
    return parts


def _survives(channel: str, request: InboundRequest) -> None:
    """Parts that the gateway can keep, or an error that tells the sender what to mend; nothing else."""
    for part in _parsed_or_told(channel, request):
        assert isinstance(part, InboundMessage | DeliveryUpdate | Unreadable)
        if isinstance(part, InboundMessage):
            assert part.message_id
            assert part.sent_at is None or part.sent_at.tzinfo is not None
        if isinstance(part, Unreadable):
            assert re.fullmatch(r"[a-z0-9_-]{1,200}", part.reason)
        orjson.dumps(shown([part]))


@each_channel
@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: str(body[:12]))
def test_a_hostile_body_is_only_bad_input(channel: str, body: bytes) -> None:
    _survives(channel, replace(next(posts(channel))[0], body=body))


@each_channel
@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=300))
def test_any_bytes_are_only_bad_input(channel: str, body: bytes) -> None:
    _survives(channel, replace(next(posts(channel))[0], body=body))


@each_channel
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_real_body_with_one_place_spoilt_is_survived(channel: str, data: st.DataObject) -> None:
    written = fixture_of(channel, data.draw(st.sampled_from(_structured_fixtures(channel))))
    holder, key = data.draw(st.sampled_from(list(_places(_structure(written)))))
    if data.draw(st.booleans()):
        holder[key] = data.draw(scraps | st.lists(scraps, max_size=2) | st.dictionaries(st.text(max_size=5), scraps))
    else:
        del holder[key]
    if "body" in written:
        written["body_text"] = json.dumps(written["body"])
    _survives(channel, request_of(written))


@each_channel
def test_a_text_far_over_every_limit_is_survived(channel: str) -> None:
    for name in _structured_fixtures(channel):
        for number in range(len(list(_places(_structure(fixture_of(channel, name)))))):
            written = fixture_of(channel, name)
            holder, key = list(_places(_structure(written)))[number]
            if isinstance(holder[key], str):
                holder[key] = "panjang " * CONTENT_LIMIT
                _survives(channel, request_of(written))


def _structured_fixtures(channel: str) -> list[str]:
    return [name for name in fixtures_of(channel) if set(STRUCTURES) & set(fixture_of(channel, name))]


def _structure(written: dict[str, Any]) -> Any:
    """What of a fixture's body can be spoilt place by place."""
    [structure] = (written[name] for name in STRUCTURES if name in written)
    return structure["fields"] if "multipart" in written else structure


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value, as its container and its key or index."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
