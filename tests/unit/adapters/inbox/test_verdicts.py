"""What a ministry's word about a case means, whatever it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import Reply
from adapters.pulled import read_verdict
from schemas.handoff import OutcomeKind

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)


def outcome(said: Any, **reply: Any) -> Any:
    return read_verdict(Reply(**({"status": 200, "body": json.dumps(said).encode()} | reply)), AT)


@pytest.mark.parametrize(
    ("given", "reference"),
    [("DESA-1", "DESA-1"), ("", None), ("a\nb", None), (7, None), ("x" * 256, None), ("\ud800", None), (None, None)],
)
def test_an_acknowledgement_counts_whatever_its_reference_is(given: Any, reference: str | None) -> None:
    read = outcome({"verdict": "ack", "reference": given})
    assert (read.kind, read.receipt.reference) == (OutcomeKind.DELIVERED, reference)


@pytest.mark.parametrize(("wish", "wait"), [(90, 90.0), (0, 0.0), (True, None), (-1, None), (1e9, None), ("5", None)])
def test_a_case_that_is_put_off_waits_as_long_as_it_is_asked_to(wish: Any, wait: float | None) -> None:
    read = outcome({"verdict": "nack", "reason": "retry", "retry_after": wish})
    assert (read.kind, read.retry_after) == (OutcomeKind.DEFERRED, wait)


@pytest.mark.parametrize(("reason", "told"), [("refuse", "nack_refuse"), ("not_ours", "not_ours")])
def test_a_refusal_is_one(reason: str, told: str) -> None:
    read = outcome({"verdict": "nack", "reason": reason})
    assert (read.kind, read.reason) == (OutcomeKind.REFUSED, told)


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ({"verdict": "nack", "reason": "?"}, {}),
        ({"verdict": "mumble"}, {}),
        ([1], {}),
        ({"verdict": "ack"}, {"truncated": True}),
        ({"verdict": "ack"}, {"status": 201}),
        ({}, {"body": b"{"}),
    ],
)
def test_what_nobody_understands_leaves_it_open(said: Any, reply: dict[str, Any]) -> None:
    assert outcome(said, **reply).kind is OutcomeKind.UNCERTAIN
