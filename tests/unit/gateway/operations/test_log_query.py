"""The log's filter stands in the address, whole and readable."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.ledger.log_filter import LogFilter
from gateway.operations.log_query import log_query
from schemas.errors import Invalid
from schemas.handoff import HandoffState, OutcomeKind

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)


def test_every_parameter_narrows_the_log() -> None:
    given = {
        "destination": "sp4n",
        "channel": "wa",
        "state": "parked",
        "outcome": "refused",
        "reason": "http_422",
        "since": "2026-03-01T07:00",
        "until": "2026-03-02T07:00",
    }
    assert log_query(given, NOW).wanted == LogFilter(
        destination="sp4n",
        channel="wa",
        state=HandoffState.PARKED,
        outcome=OutcomeKind.REFUSED,
        reason="http_422",
        since=datetime(2026, 3, 1, tzinfo=UTC),
        until=datetime(2026, 3, 2, tzinfo=UTC),
    )


def test_an_address_without_parameters_is_the_whole_log() -> None:
    query = log_query({}, NOW)
    assert (query.wanted, query.is_narrow, query.address) == (LogFilter(), False, "")


def test_the_address_keeps_what_was_asked_for() -> None:
    assert log_query({"destination": "sp4n", "reason": "a b"}, NOW).address == "destination=sp4n&reason=a+b"


@pytest.mark.parametrize("given", [{"state": "lost"}, {"outcome": "fine"}, {"since": "yesterday"}])
def test_a_word_or_time_that_is_none_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        log_query(given, NOW)
