"""The regions that the gateway carries are those of the source."""

from __future__ import annotations

import pytest

from scripts.pack_regions import members, read_rows

SQL = """
INSERT INTO wilayah (kode, nama) VALUES
('32','Jawa Barat'),
('32.76','Kota  Depok'),
('32.76.08','Cilodong'),
('32.76.08.1001','Suka''maju');
"""


def test_rows_are_read_with_one_spelling_of_marks_and_spaces() -> None:
    assert read_rows(SQL) == [
        ("32", "Jawa Barat"),
        ("32.76", "Kota Depok"),
        ("32.76.08", "Cilodong"),
        ("32.76.08.1001", "Suka'maju"),
    ]


def test_a_source_without_villages_is_refused() -> None:
    with pytest.raises(ValueError, match="no villages in it"):
        read_rows(SQL.replace("32.76.08.1001", "-"))


def test_villages_lie_by_regency() -> None:
    assert members(read_rows(SQL)) == {"32.76": "32.76.08.1001,Suka'maju\n", "districts": "32.76.08,Cilodong\n"}
