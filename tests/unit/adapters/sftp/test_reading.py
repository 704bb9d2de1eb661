"""What the ministry's word about a case means: only the digest of what was sent delivers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapters.contract import Reply
from adapters.destinations.sftp.reading import read_drop, read_word
from schemas.handoff import OutcomeKind

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DIGEST = "ab" * 32


def told(found: str, word: object, **more: bool) -> tuple[OutcomeKind, str]:
    body = word if isinstance(word, bytes) else json.dumps(word).encode()
    outcome = read_word(DIGEST, Reply(headers={"found": found}, body=body, **more), AT, 300.0)
    return outcome.kind, outcome.reason


def test_an_acknowledgement_of_the_bytes_that_were_sent_delivers_with_its_reference() -> None:
    word = json.dumps({"reference": "KEM-7", "sha256": DIGEST}).encode()
    outcome = read_word(DIGEST, Reply(headers={"found": "ack"}, body=word), AT, 300.0)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert outcome.receipt is not None
    assert (outcome.receipt.reference, outcome.yields) == ("KEM-7", {"reference": "KEM-7"})


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ({"reference": "KEM-7", "sha256": "cd" * 32}, "ack_digest_differs"),
        ({"reference": "KEM-7"}, "ack_unreadable"),
        ([DIGEST], "ack_unreadable"),
        (b"\xff", "ack_unreadable"),
        (b"[" * 60_000, "ack_unreadable"),
    ],
)
def test_any_other_acknowledgement_is_in_doubt(word: object, reason: str) -> None:
    assert told("ack", word) == (OutcomeKind.UNCERTAIN, reason)


def test_half_an_acknowledgement_is_in_doubt() -> None:
    word = {"reference": "KEM-7", "sha256": DIGEST}
    assert told("ack", word, truncated=True) == (OutcomeKind.UNCERTAIN, "ack_unreadable")


def test_without_the_digest_of_what_was_sent_nothing_is_acknowledged() -> None:
    reply = Reply(headers={"found": "ack"}, body=b'{"sha256": null}')
    assert read_word(None, reply, AT, 300.0).reason == "ack_digest_differs"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ({"reason": "not_ours"}, "not_ours"),
        ({"reason": "incomplete"}, "nack_incomplete"),
        ({"reason": "Pak Budi, 0812"}, "nack"),
        ({}, "nack"),
    ],
)
def test_a_refusal_tells_its_reason_only_as_a_token(word: object, reason: str) -> None:
    assert told("nack", word) == (OutcomeKind.REFUSED, reason)


def test_a_refusal_that_cannot_be_read_is_in_doubt() -> None:
    assert told("nack", b"tidak") == (OutcomeKind.UNCERTAIN, "ack_unreadable")


def test_no_word_yet_is_looked_for_again_and_is_no_failure() -> None:
    outcome = read_word(DIGEST, Reply(headers={"found": "absent"}), AT, 120.0)
    assert (outcome.kind, outcome.reason, outcome.look_again) == (OutcomeKind.DEFERRED, "awaiting_ack", 120.0)


def test_what_the_server_declines_is_tried_again() -> None:
    outcome = read_drop("/a.json", DIGEST, Reply(headers={"problem": "disk_full"}))
    assert (outcome.kind, outcome.reason) == (OutcomeKind.DEFERRED, "disk_full")
