"""What people type is read as they mean it, or they are told how to write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gateway.cli.asked import actor, agreed, identities, moment, secret
from schemas.errors import Invalid

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ONE = UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e01")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("3d", NOW - timedelta(days=3)),
        ("1h 30m", NOW - timedelta(minutes=90)),
        ("2026-01-31T07:00:00+07:00", datetime(2026, 1, 31, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment_is_how_long_ago_or_a_time(text: str | None, expected: datetime | None) -> None:
    assert moment(text, NOW) == expected


def test_a_date_without_zone_is_this_machines() -> None:
    found = moment("2026-01-31", NOW)
    assert found is not None
    assert found.astimezone().strftime("%Y-%m-%d %H:%M") == "2026-01-31 00:00"


@pytest.mark.parametrize("text", ["kemarin", "2 jam", "2026-13-01", ""])
def test_anything_else_is_told_how_to_write_it(text: str) -> None:
    with pytest.raises(Invalid, match="2h"):
        moment(text, NOW)


def test_ids_are_taken_once_each_in_their_order() -> None:
    other = UUID(int=7)
    assert identities([str(other), str(ONE), str(other)]) == [other, ONE]


def test_a_cut_id_is_refused() -> None:
    with pytest.raises(Invalid, match="copy the whole"):
        identities([str(ONE)[:8]])


def test_a_secret_from_a_file_loses_only_its_line_break(tmp_path: Path) -> None:
    (tmp_path / "rahasia").write_text(" isi dengan spasi \n")
    assert secret(f"@{tmp_path / 'rahasia'}", "app_secret") == " isi dengan spasi "


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "kosong").write_text("\n")
    with pytest.raises(Invalid, match="empty"):
        secret(f"@{tmp_path / 'kosong'}", "app_secret")


def test_a_yes_beforehand_asks_nobody() -> None:
    assert agreed("Lanjut?", yes=True)


def test_the_record_says_that_it_was_the_command_line() -> None:
    assert actor().startswith("cli:")
    assert len(actor()) <= 64
