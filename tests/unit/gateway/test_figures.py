"""The figures, against a recount made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.figures import Dimension, FigureCase, figure_row, figures, figures_csv

NOW = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)  # already April in Jakarta


def a_case(destination: str = "sp4n", hours: int | None = None, **more: object) -> FigureCase:
    done = None if hours is None else NOW + timedelta(hours=hours)
    values = {"channel": "wa", "category_id": 1389, "region_code": "32.73", "followed_up_at": done} | more
    return FigureCase(UUID(int=0), destination, accepted_at=NOW, **values)  # type: ignore[arg-type]


def test_the_rate_is_of_all_cases_and_the_times_are_of_those_that_got_there() -> None:
    (row,) = figures([a_case(hours=hours) for hours in (1, 2, 3, 4, None)])

    assert (row.cases, row.followup_rate) == (5, 0.8)
    assert (row.followed_up.median, row.followed_up.p90) == (timedelta(hours=2), timedelta(hours=4))


def test_a_state_that_nobody_reached_has_no_times() -> None:
    (row,) = figures([a_case()])

    assert (row.followup_rate, row.resolved.count, row.resolved.median, row.resolved.p90) == (0.0, 0, None, None)


def test_without_cases_there_are_no_figures() -> None:
    assert (figures([]), figures_csv([])) == ([], "")


def test_cases_are_told_apart_by_whatever_is_asked_for() -> None:
    cases = [a_case("sp4n"), a_case("kemenkes"), a_case("sp4n", channel="sms", category_id=None, region_code=None)]
    by = (Dimension.DESTINATION, Dimension.CHANNEL, Dimension.CATEGORY, Dimension.REGION, Dimension.PERIOD)

    assert [row.group for row in figures(cases, by)] == [
        ("kemenkes", "wa", "1389", "32", "2026-04"),
        ("sp4n", "sms", "-", "-", "2026-04"),
        ("sp4n", "wa", "1389", "32", "2026-04"),
    ]


def test_a_row_is_the_same_in_the_table_and_in_csv() -> None:
    by = (Dimension.DESTINATION,)
    row = figure_row(figures([a_case(hours=36)], by)[0], by)

    assert row["followed_up_median_hours"] == 36.0
    assert figures_csv([row]).split("\r\n")[0].split(",") == list(row)
    assert figures_csv([row]).split("\r\n")[1].startswith("sp4n,1,1.0,")


@given(st.lists(st.integers(0, 500) | st.none(), min_size=1, max_size=60))
def test_a_quantile_is_the_smallest_time_that_its_share_does_not_exceed(hours: list[int | None]) -> None:
    (row,) = figures([a_case(hours=each) for each in hours])
    done = [each for each in hours if each is not None]

    def smallest(tenths: int) -> timedelta | None:
        fitting = [each for each in done if 10 * sum(other <= each for other in done) >= tenths * len(done)]
        return timedelta(hours=min(fitting)) if fitting else None

    assert (row.followed_up.median, row.followed_up.p90) == (smallest(5), smallest(9))
