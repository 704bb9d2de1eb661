"""Rows of figures as the API, the CSV and the table share them."""

from __future__ import annotations

from datetime import timedelta

from gateway.figures import Dimension, FigureRow, Reached, figure_row, figures_csv

HOUR = timedelta(hours=1)
NOBODY = Reached(0, None, None)


def a_row(*group: str, cases: int = 4, followed_up: Reached = NOBODY) -> FigureRow:
    return FigureRow(group, cases, Reached(4, HOUR, 2 * HOUR), NOBODY, followed_up, NOBODY)


def test_the_rate_is_of_all_cases() -> None:
    assert (a_row(followed_up=Reached(3, HOUR, HOUR)).followup_rate, a_row(cases=0).followup_rate) == (0.75, 0.0)


def test_a_state_that_nobody_reached_has_no_times() -> None:
    row = figure_row(a_row(), ())
    assert (row["resolved"], row["resolved_median_hours"], row["resolved_p90_hours"]) == (0, None, None)


def test_without_cases_there_is_no_table() -> None:
    assert figures_csv([]) == ""


def test_a_row_is_the_same_in_the_table_and_in_csv() -> None:
    by = (Dimension.DESTINATION, Dimension.PERIOD)
    row = figure_row(a_row("sp4n", "2026-04", followed_up=Reached(4, 36 * HOUR, 36.125 * HOUR)), by)

    assert list(row)[:4] == ["destination", "period", "cases", "followup_rate"]
    assert (row["followed_up_median_hours"], row["followed_up_p90_hours"]) == (36.0, 36.12)
    assert figures_csv([row]).split("\r\n")[0].split(",") == list(row)
    assert figures_csv([row]).split("\r\n")[1].startswith("sp4n,2026-04,4,1.0,4,1.0,2.0,0,,,4,36.0,36.12")
