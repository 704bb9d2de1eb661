"""The picture of the flow and the histogram are drawn from numbers alone."""

from __future__ import annotations

from gateway.console.flow import ROW, WIDTH, Place, drawn
from gateway.console.histogram import BOUNDS, histogram
from gateway.ledger.values import NOWHERE, BalanceRow

CHANNELS = {"wa": Place("2 reports"), "app": Place("1 report")}
DESTINATIONS = {"sp4n": Place("clear"), "pupr": Place("paused", "paused"), "kemenkes": Place("clear", busy=False)}


def test_every_channel_and_destination_has_a_box_inside_the_picture() -> None:
    picture = drawn([], CHANNELS, DESTINATIONS)
    assert [node.name for node in picture.nodes] == ["wa", "app", "sp4n", "pupr", "kemenkes"]
    assert picture.height == 3 * ROW
    assert all(0 <= node.x <= WIDTH and 0 <= node.y <= picture.height for node in picture.nodes)


def test_more_reports_make_a_thicker_line() -> None:
    rows = [BalanceRow("wa", "sp4n", 1000, 1000), BalanceRow("app", "sp4n", 3, 3)]
    thin, thick = sorted(edge.width for edge in drawn(rows, CHANNELS, DESTINATIONS).edges)
    assert thin < thick


def test_what_goes_nowhere_or_never_went_has_no_line() -> None:
    rows = [BalanceRow("wa", NOWHERE, 5, parked=5), BalanceRow("wa", "sp4n", 0)]
    assert drawn(rows, CHANNELS, DESTINATIONS).edges == []


def test_a_line_to_where_nothing_went_of_late_is_idle() -> None:
    rows = [BalanceRow("wa", "kemenkes", 5, 5), BalanceRow("wa", "sp4n", 5, 5)]
    assert [edge.idle for edge in drawn(rows, CHANNELS, DESTINATIONS).edges] == [True, False]


def test_an_empty_gateway_is_drawn_too() -> None:
    picture = drawn([], {}, {})
    assert (picture.nodes, picture.edges, picture.height) == ([], [], ROW)


def test_each_duration_stands_in_one_column() -> None:
    found = histogram([0.005, 0.01, 0.2, 99.0])
    assert [one.count for one in found.bins] == [2, 0, 0, 1, 0, 0, 0, 0, 1]
    assert (found.count, len(found.bins)) == (4, len(BOUNDS) + 1)


def test_half_and_most_are_told() -> None:
    found = histogram([float(number) for number in range(100)])
    assert (found.half, found.most) == (50.0, 95.0)


def test_without_attempts_there_is_nothing_to_tell() -> None:
    found = histogram([])
    assert (found.count, found.half, found.most) == (0, None, None)
