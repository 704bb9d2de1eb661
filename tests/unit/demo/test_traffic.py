"""What the demonstration posts is what real channel services post: readable, signed, never the same twice."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice

import pytest

from adapters.channels import CHANNELS
from adapters.contract import InboundMessage, InboundRequest
from gateway.demo.samples import load_samples, with_photo
from gateway.demo.traffic import (
    APP_CHANNEL,
    APP_SECRET,
    WHATSAPP_CHANNEL,
    Posting,
    call_of,
    endless_postings,
    postings,
)

ADAPTERS = {APP_CHANNEL: CHANNELS["native"], WHATSAPP_CHANNEL: CHANNELS["whatsapp"]}
SAMPLES = load_samples()
RUN = 1_767_225_600_000


def now() -> int:
    return 1_767_225_600


@pytest.fixture(scope="module")
def first_pass() -> list[Posting]:
    return list(postings(SAMPLES, RUN, now))


def read(posting: Posting) -> InboundMessage:
    """The one message of a posting, as its channel's adapter reads it, signature checked."""
    call = call_of(posting, "http://127.0.0.1:8080", "sgk_uji")
    headers = {name.lower(): value for name, value in call.headers}
    request = InboundRequest("POST", call.url, {}, headers, call.body)
    adapter = ADAPTERS[posting.channel]
    adapter.verify(request, {"app_secret": APP_SECRET})
    [message] = adapter.parse(request)
    assert isinstance(message, InboundMessage)
    return message


def test_every_posting_is_one_message_that_its_adapter_understands(first_pass: list[Posting]) -> None:
    assert {read(posting).message_id for posting in first_pass} == {posting.message_id for posting in first_pass}


def test_every_sample_is_posted(first_pass: list[Posting]) -> None:
    texts = {read(posting).content for posting in first_pass}
    assert [sample.id for sample in SAMPLES if sample.text not in texts] == []


def test_some_postings_come_again_with_the_same_bytes(first_pass: list[Posting]) -> None:
    again = [posting for posting in first_pass if posting.again]
    first = {posting.message_id: posting.body for posting in first_pass if not posting.again}
    assert len(again) > 5
    assert all(first[posting.message_id] == posting.body for posting in again)


def test_nothing_else_has_an_id_that_was_used_before() -> None:
    several = islice(endless_postings(SAMPLES, RUN, now), 400)
    ids = Counter(posting.message_id for posting in (*postings(SAMPLES, RUN, now), *several) if not posting.again)
    assert [identity for identity, count in ids.items() if count > 1] == []


def test_another_run_uses_other_ids_and_other_senders() -> None:
    one, other = (list(postings(SAMPLES, run, now)) for run in (RUN, RUN + 60_000))
    assert {posting.message_id for posting in one}.isdisjoint(posting.message_id for posting in other)
    talks = [{read(posting).conversation for posting in run} - {None} for run in (one, other)]
    assert talks[0].isdisjoint(talks[1])


def test_some_conversations_go_on_with_a_photo_and_a_place(first_pass: list[Posting]) -> None:
    talks: dict[str, list[InboundMessage]] = {}
    for posting in first_pass:
        message = read(posting)
        if message.conversation and not posting.again:
            talks.setdefault(message.conversation, []).append(message)
    with_place = [talk for talk in talks.values() if talk[-1].location]
    assert len(with_place) >= 3
    assert all([bool(part.content) for part in talk] == [True, False, False] for talk in with_place)
    assert sum(len(talk) > 1 for talk in talks.values()) == len(with_photo(SAMPLES))


def test_the_order_mixes_the_channels_and_is_the_same_every_time() -> None:
    assert load_samples() == SAMPLES
    assert len({sample.channel for sample in SAMPLES[:12]}) == 2


def test_the_native_channel_sends_its_key_and_nobody_elses_secret(first_pass: list[Posting]) -> None:
    native = next(posting for posting in first_pass if posting.channel == APP_CHANNEL)
    call = call_of(native, "http://127.0.0.1:8080", "sgk_uji")
    assert ("Authorization", "Bearer sgk_uji") in call.headers
    assert call.url == "http://127.0.0.1:8080/v1/reports"
    assert json.loads(call.body)["message_id"] == native.message_id
