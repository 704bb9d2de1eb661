"""The file that corrects the working days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.config.calendar import parse_corrections, read_calendar
from gateway.config.fields import Section
from gateway.config.yaml_lines import Problems, read_yaml


def read(folder: Path, corrections: str = "hari.txt") -> tuple[object, list[str]]:
    problems = Problems("g.yaml")
    whole = Section(read_yaml(f"calendar:\n  corrections: {corrections}\n", problems), ("calendar",), problems)
    return read_calendar(whole, folder), problems.told()


def test_days_are_added_and_given_back(tmp_path: Path) -> None:
    (tmp_path / "hari.txt").write_text("# SKB 2026\n\n+2026-12-28 cuti bersama\n-2026-05-15\n")
    calendar = parse_corrections((tmp_path / "hari.txt").read_text(), Problems("hari.txt"))

    assert (calendar.added, calendar.removed) == ({date(2026, 12, 28)}, {date(2026, 5, 15)})
    assert read(tmp_path) == (calendar, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-12-28", "write + for a day off"),
        ("+2026-13-01", "write + for a day off"),
        ("+28-12-2026", "write + for a day off"),
        ("+2026-01-02 x", "2026-01-02 stands in the file already"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "hari.txt").write_text(f"-2026-01-02\n{line}\n")

    (problem,) = read(tmp_path)[1]
    assert problem.startswith("g.yaml:2: calendar.corrections: ")
    assert f"{tmp_path / 'hari.txt'}:2: calendar: {told}" in problem


def test_a_file_that_is_not_there_is_a_problem_of_its_line(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "lain.txt")[1]

    assert problem.startswith("g.yaml:2: calendar.corrections: ")
    assert "cannot be read (FileNotFoundError)" in problem
