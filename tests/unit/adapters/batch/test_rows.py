"""A row is read strictly, and every mistake is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from adapters.channels.batch.adapter import ADAPTER
from adapters.channels.batch.rows import day_of, read_row
from adapters.contract import InboundMessage
from schemas.errors import Invalid, NotFound
from schemas.report import Attachment, Location
from tests.fakes.pouring import collected

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def read(**fields: str) -> InboundMessage:
    return read_row({"content": "Jalan rusak", **fields}, NOW)


def wrong(**fields: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_row({"content": "Jalan rusak", **fields}, NOW)
    return [error["at"] for error in caught.value.errors]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", "x" * 10_001),
        ("title", "x" * 256),
        ("classification", "Entah"),
        ("category_id", "jalan"),
        ("category_id", "0"),
        ("category_id", "²"),
        ("latitude", "91"),
        ("longitude", "timur"),
        ("incident_date", "kemarin"),
        ("incident_date", "31-02-2026"),
        ("incident_date", "2026-03-09"),
        ("sent_date", "entah"),
        ("email", "ani"),
        ("nik", "3.27301410790000E+15"),
        ("is_secret", "mungkin"),
        ("title", "#REF!"),
        ("message_id", "x" * 256),
    ],
)
def test_a_mistake_is_named_at_its_field(field: str, value: str) -> None:
    assert wrong(**{field: value}) == [field]


def test_every_mistake_of_a_row_is_named_at_once() -> None:
    assert wrong(content="", email="ani", latitude="x") == ["content", "latitude", "email"]


def test_a_row_without_a_last_text_has_its_first() -> None:
    assert read_row({"content_first": "Jalan rusak"}, None).content == "Jalan rusak"


def test_a_row_without_a_number_is_known_by_what_it_says() -> None:
    assert read().message_id == read().message_id != read(title="Jalan").message_id
    assert read(message_id="7").message_id == "7"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": "Anonim|Rahasia"}, (True, True)),
        ({"kind": "Rahasia"}, (False, True)),
        ({"is_anonymous": "Ya", "is_secret": "tidak"}, (True, False)),
        ({"is_anonymous": "anonymous"}, (False, False)),
        ({}, (False, False)),
    ],
)
def test_what_the_reporter_asked_for_is_read(given: dict[str, str], expected: tuple[bool, bool]) -> None:
    message = read(**given)
    assert (message.is_anonymous, message.is_secret) == expected


def test_half_a_position_is_none() -> None:
    assert read(latitude="-6.9").location is None
    assert read(latitude="-6,9", longitude="107.6").location == Location(latitude=-6.9, longitude=107.6)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("3 Jan 2026", "08:15", datetime(2026, 1, 3, 8, 15)),  # noqa: DTZ001 - the zone is added below
        ("2026-01-03 07:05:09", "", datetime(2026, 1, 3, 7, 5, 9)),  # noqa: DTZ001
        ("3 Januari 2026", "", datetime(2026, 1, 3)),  # noqa: DTZ001
        ("3 Jan 2026", "99:99", datetime(2026, 1, 3)),  # noqa: DTZ001
    ],
)
def test_when_it_was_sent_is_told_in_the_time_of_jakarta(day: str, time: str, expected: datetime) -> None:
    message = read(sent_date=day, sent_time=time)
    assert message.sent_at == expected.replace(tzinfo=timezone(timedelta(hours=7)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("31/01/2026", date(2026, 1, 31)),
        ("31.1.2026", date(2026, 1, 31)),
        ("31 Agustus 2025", date(2025, 8, 31)),
        ("1 Oct 2025", date(2025, 10, 1)),
        ("01-Des-2025", date(2025, 12, 1)),
        ("5 Foo 2025", None),
        ("13/13/2025", None),
        ("besok", None),
    ],
)
def test_days_are_read_as_tables_have_them(text: str, expected: date | None) -> None:
    assert day_of(text) == expected


async def test_tables_bring_no_files() -> None:
    with pytest.raises(NotFound):
        await collected(ADAPTER.fetch, Attachment(name="a"), {}, {})
