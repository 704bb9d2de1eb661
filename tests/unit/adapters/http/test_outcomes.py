"""The table from status to outcome, row by row, and what Retry-After may ask for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Fault, Reply
from adapters.http import classify, retry_after
from schemas.handoff import OutcomeKind

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
D, R, U = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

MEANINGS = {
    D: (301, 307, 308, 401, 403, 404, 405, 407, 408, 409, 421, 423, 425, 429, 521, 522, 523),
    R: (400, 402, 406, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 424, 426, 428, 431, 451, 499),
    U: (
        0,
        100,
        101,
        199,
        300,
        302,
        303,
        304,
        305,
        306,
        399,
        500,
        501,
        502,
        503,
        504,
        505,
        507,
        511,
        520,
        524,
        525,
        999,
    ),
}


@pytest.mark.parametrize(("kind", "status"), [(kind, status) for kind, codes in MEANINGS.items() for status in codes])
def test_each_status_means_what_the_table_says(kind: OutcomeKind, status: int) -> None:
    outcome = classify(Reply(status))

    assert outcome is not None
    assert (outcome.kind, outcome.status) == (kind, status or None)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(301, "redirect_refused"), (308, "redirect_refused"), (302, "http_302"), (409, "conflict"), (422, "http_422")],
)
def test_the_reason_names_the_status_or_what_it_means(status: int, reason: str) -> None:
    outcome = classify(Reply(status))

    assert outcome is not None
    assert outcome.reason == reason


def test_only_gone_ends_all_tries() -> None:
    outcomes = {status: classify(Reply(status)) for status in range(600)}

    assert [status for status, outcome in outcomes.items() if outcome is not None and outcome.final] == [410]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 299])
def test_a_whole_success_is_left_to_the_adapter(status: int) -> None:
    assert classify(Reply(status, {}, b"anything")) is None


def test_a_success_that_broke_off_is_uncertain() -> None:
    outcome = classify(Reply(201, {}, b"{", truncated=True))

    assert outcome is not None
    assert (outcome.kind, outcome.reason) == (U, "truncated")


@pytest.mark.parametrize(("sent", "kind"), [(False, D), (True, U)])
def test_a_fault_is_deferred_only_when_nothing_was_sent(sent: bool, kind: OutcomeKind) -> None:
    outcome = classify(Reply(fault=Fault("disconnected", sent)))

    assert outcome is not None
    assert (outcome.kind, outcome.reason, outcome.status) == (kind, "disconnected", None)


LATER = "Mon, 02 Mar 2026 08:02:00 GMT"


@pytest.mark.parametrize(
    ("headers", "at", "seconds"),
    [
        ({}, NOW, None),
        ({"retry-after": ""}, NOW, None),
        ({"retry-after": "120"}, None, 120.0),
        ({"retry-after": " 7 "}, None, 7.0),
        ({"retry-after": "0"}, None, 0.0),
        ({"retry-after": "9" * 5000}, None, 86400.0),
        ({"retry-after": "-5"}, NOW, None),
        ({"retry-after": "1.5"}, NOW, None),
        ({"retry-after": "٣"}, NOW, None),
        ({"retry-after": "besok pagi"}, NOW, None),
        ({"retry-after": LATER}, NOW, 120.0),
        ({"retry-after": LATER}, None, None),
        ({"retry-after": LATER, "date": "Mon, 02 Mar 2026 08:01:30 GMT"}, NOW, 30.0),
        ({"retry-after": LATER, "date": "entah"}, NOW, 120.0),
        ({"retry-after": "Mon, 02 Mar 2020 08:00:00 GMT"}, NOW, 0.0),
        ({"retry-after": "Tue, 02 Mar 2100 08:00:00 GMT"}, NOW, 86400.0),
        ({"retry-after": "Mon, 02 Mar 2026 08:02:00 -0000"}, NOW, 120.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], at: datetime | None, seconds: float | None) -> None:
    assert retry_after(headers, at) == seconds


@pytest.mark.parametrize(("headers", "kind"), [({"retry-after": "30"}, D), ({}, U), ({"retry-after": "nanti"}, U)])
def test_unavailable_means_not_taken_only_when_it_says_when_to_come_back(
    headers: dict[str, str], kind: OutcomeKind
) -> None:
    outcome = classify(Reply(503, headers))

    assert outcome is not None
    assert outcome.kind is kind


@pytest.mark.parametrize("status", [429, 503, 500, 422])
def test_the_outcome_carries_the_wish_of_the_server(status: int) -> None:
    outcome = classify(Reply(status, {"retry-after": "30"}))

    assert outcome is not None
    assert outcome.retry_after == 30.0


@given(st.text(), st.text(), st.sampled_from([NOW, None]))
def test_retry_after_survives_any_text(wish: str, date: str, at: datetime | None) -> None:
    seconds = retry_after({"retry-after": wish, "date": date}, at)

    assert seconds is None or 0 <= seconds <= 86400


@given(st.integers(-5, 1200), st.booleans())
def test_only_a_whole_success_is_left_open(status: int, truncated: bool) -> None:
    outcome = classify(Reply(status, truncated=truncated))

    assert (outcome is None) == (200 <= status < 300 and not truncated)
    assert outcome is None or outcome.kind is not OutcomeKind.DELIVERED
