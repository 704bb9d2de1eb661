"""The same value comes back from both databases, to the microsecond and to the bit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.types import Id, Instant, JsonText

DIALECTS: list[Any] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]
WIB = timezone(timedelta(hours=7))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def through(kind: Any, value: Any, dialect: Any) -> Any:
    return kind.process_result_value(kind.process_bind_param(value, dialect), dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(at=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(WIB)))  # noqa: DTZ001 - bounds
def test_a_time_keeps_its_microsecond_and_its_moment(dialect: Any, at: datetime) -> None:
    kept = through(Instant(), at, dialect)

    assert kept == at
    assert kept.tzinfo is not None


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_time_without_zone_is_refused(dialect: Any) -> None:
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 3, 2, 8, 15), dialect)  # noqa: DTZ001 - the point


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("kind", [Id(), Instant(), JsonText()], ids=lambda kind: type(kind).__name__)
def test_nothing_stays_nothing(kind: Any, dialect: Any) -> None:
    assert through(kind, None, dialect) is None


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(identity=st.uuids())
def test_an_id_keeps_its_bits(dialect: Any, identity: Any) -> None:
    assert through(Id(), identity, dialect) == identity


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(value=json_values)
def test_json_keeps_its_values(dialect: Any, value: Any) -> None:
    assert through(JsonText(), value, dialect) == value


def test_json_is_written_in_one_way() -> None:
    kind, dialect = JsonText(), DIALECTS[0]

    assert kind.process_bind_param({"b": 1, "a": 2}, dialect) == kind.process_bind_param({"a": 2, "b": 1}, dialect)


def test_a_time_is_counted_from_1970_on_sqlite() -> None:
    at = datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)

    assert Instant().process_bind_param(at, DIALECTS[0]) == 1_000_005
