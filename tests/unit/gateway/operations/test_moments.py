"""Only a moment that this gateway can have written is one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.operations.moments import exact_moment


def test_a_moment_is_read_to_the_microsecond_whatever_its_zone() -> None:
    at = datetime(2026, 3, 2, 3, 0, 0, 123456, tzinfo=UTC)
    assert exact_moment("2026-03-02T10:00:00.123456+07:00") == exact_moment(at.isoformat()) == at


@pytest.mark.parametrize(
    "text", ["", "kemarin", "2026-03-02T10:00:00", "0637-05-24T00:00:00+00:00", "9999-12-31T23:59:59-12:00"]
)
def test_anything_else_is_none(text: str) -> None:
    assert exact_moment(text) is None
