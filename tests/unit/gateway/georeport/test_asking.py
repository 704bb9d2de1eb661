"""What a client may ask for, and what it is told when it asks for something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.georeport.asking import Wanted, read_wanted
from schemas.errors import Invalid, NotFound

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONE = UUID("0190a1b2-0000-7000-8000-000000000001")


def test_without_a_filter_the_last_ninety_days_are_meant() -> None:
    assert read_wanted({}, NOW) == Wanted(NOW - timedelta(days=90), NOW)


def test_an_empty_argument_means_the_same_as_none() -> None:
    empty = dict.fromkeys(("service_request_id", "service_code", "start_date", "end_date", "status"), "")
    assert read_wanted(empty, NOW) == read_wanted({}, NOW)


def test_ids_override_everything_else() -> None:
    query = {"service_request_id": f"{ONE}, bukan-nomor", "status": "apa saja", "start_date": "kemarin"}
    assert read_wanted(query, NOW).ids == (ONE,)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({"start_date": "2026-01-01T00:00:00Z"}, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
        ({"end_date": "2026-04-01T07:00:00+07:00"}, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:00Z"},
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 4, 1, tzinfo=UTC),
        ),
        ({"end_date": "2026-04-01T07:00:00 07:00"}, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
    ],
)
def test_one_date_alone_spans_ninety_days(query: dict[str, str], since: datetime, until: datetime) -> None:
    wanted = read_wanted(query, NOW)
    assert (wanted.since, wanted.until) == (since, until)


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:01Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "2026-01-01"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"end_date": "besok"},
        {"status": "open,selesai"},
        {"service_request_id": ",".join(str(number) for number in range(1001))},
    ],
)
def test_what_the_specification_does_not_allow_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_wanted(query, NOW)


def test_services_are_asked_for_by_their_codes() -> None:
    assert read_wanted({"service_code": "1397, 0"}, NOW).categories == {1397, None}
    with pytest.raises(NotFound):
        read_wanted({"service_code": "1397,jalan"}, NOW)
