"""The report of a day: figures add up, charts stand alone and hold no markup of others, paper and sheet too."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageColor

from gateway.daily.charts import LETTER, PAGE, PHONE, Layout, Part, bars, columns
from gateway.daily.day import Cause, Day, bounds, day_of
from gateway.daily.drawing import Box, Picture, Words, svg_of
from gateway.daily.paper import pdf_of
from gateway.daily.raster import png_of
from gateway.daily.sheet import csv_of, document_of
from gateway.daily.words import CHARTS, WORDS, chart, long_date
from schemas.errors import Invalid

DATE = date(2026, 3, 2)
DAY = Day(
    date=DATE,
    made_at=datetime(2026, 3, 3, 1, 0, tzinfo=UTC),
    reports={"wa": {"accept": 40, "hold": 2}, "loket": {"accept": 7, "ask": 1}},
    hours=(0,) * 8 + (30, 20) + (0,) * 14,
    handoffs={"sp4n": {"delivered": 45, "parked": 3}, "kemenkes": {"pending": 4}},
    outcomes={"sp4n": {"delivered": 45, "refused": 3}},
    causes=(Cause("sp4n", "http_401", 3),),
    broken={"sp4n": 2},
    before=(40, 44, 48, 40, 44, 48, 44),
)
BUSY = replace(
    DAY,
    hours=tuple(hour * hour * 10 for hour in range(24)),
    handoffs={
        "sp4n": {"delivered": 45_120, "pending": 30, "uncertain": 900, "parked": 3_120, "cancelled": 12},
        "kementerian-pekerjaan-umum-dan-perumahan-rakyat": {"pending": 48, "delivered": 3},
    },
)
EMPTY = Day(DATE, datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


LAYOUTS = {"letter": LETTER, "page": PAGE, "phone": PHONE}


def texts(picture: Picture) -> list[str]:
    root = ElementTree.fromstring(svg_of(picture))  # noqa: S314 - this test's own picture
    return [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_figures_of_a_day_add_up() -> None:
    assert (DAY.received, DAY.usual, DAY.total("delivered"), DAY.verdicts("accept")) == (50, 44.0, 45, 47)
    assert DAY.delivered_share == pytest.approx(45 / 52)
    assert (EMPTY.received, EMPTY.usual, EMPTY.delivered_share, EMPTY.is_over, DAY.is_over) == (
        0,
        0.0,
        None,
        False,
        True,
    )


def test_a_day_is_one_of_jakarta() -> None:
    since, until = bounds(DATE)
    assert (since, until - since) == (datetime(2026, 3, 1, 17, 0, tzinfo=UTC), timedelta(days=1))
    assert (day_of(since), day_of(since - timedelta(seconds=1))) == (DATE, DATE - timedelta(days=1))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("day", [DAY, EMPTY], ids=["full", "empty"])
def test_a_chart_is_a_picture_that_stands_alone(name: str, language: str, day: Day) -> None:
    picture = chart(name, day, language)
    assert long_date(DATE, language) in texts(picture)[0]
    svg = svg_of(picture)
    assert ("<script" in svg, "style=" in svg, "href" in svg) == (False, False, False)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("day", [DAY, BUSY, EMPTY], ids=["full", "busy", "empty"])
def test_nothing_is_drawn_beside_the_picture(name: str, day: Day, layout: Layout) -> None:
    picture = chart(name, day, "id", layout)
    assert [shape for shape in picture.shapes if not _is_inside(shape, picture)] == []


def _is_inside(shape: Box | Words, picture: Picture) -> bool:
    """By the same measure: half of its height is what a letter takes at most in these fonts."""
    if isinstance(shape, Box):
        wide, left, top, bottom = shape.width, shape.x, shape.y, shape.y + shape.height
    else:
        wide = len(shape.text) * shape.size * 0.5
        left = shape.x - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
        top, bottom = shape.y - shape.size, shape.y
    return left >= 0 and left + wide <= picture.width and top >= 0 and bottom <= picture.height


def test_a_phone_is_shown_what_a_page_is_in_fewer_pixels_and_every_number_still() -> None:
    page, phone = (chart("hours", BUSY, "id", layout) for layout in (PAGE, PHONE))
    assert (texts(page), page.width, phone.width) == (texts(phone), 720, 340)
    assert {shape.size for shape in phone.shapes if isinstance(shape, Words)} == {10}


def test_a_chart_on_a_page_leaves_what_it_shows_to_the_page() -> None:
    assert texts(chart("channels", DAY, "id", PAGE)) == texts(chart("channels", DAY, "id"))[1:]


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_picture_is_made_of_dots_for_whatever_takes_no_svg(name: str) -> None:
    picture = chart(name, BUSY, "en")
    image = Image.open(io.BytesIO(png_of(picture)))
    assert image.size == (picture.width * 3, picture.height * 3)
    boxes = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.width > 9 and shape.height > 9]
    seen = [image.getpixel((int(box.x * 3) + 3, int(box.y * 3) + 3)) for box in boxes]
    assert seen == [ImageColor.getrgb(box.colour) for box in boxes]


def test_a_chart_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        chart("pie", DAY, "id")


def test_a_column_says_its_number_and_a_bar_its_parts_and_its_sum() -> None:
    assert texts(columns("judul", [0, 3], ["08", "09"])) == ["judul", "08", "3", "09"]
    assert texts(columns("judul", [1234567] * 12 + [1234568] * 12, ["x"] * 24)).count("1234568") == 12
    parts = [Part("a", "baik", "#0f6a3c"), Part("b", "buruk", "#ae1f1f"), Part("c", "tak ada", "#5b6675")]
    assert texts(bars("judul", {"sp4n": {"a": 60, "b": 1}}, parts)) == ["judul", "baik", "buruk", "sp4n", "60", "61"]
    assert texts(bars("judul", {"sp4n": {"a": 60}}, parts)) == ["judul", "baik", "sp4n", "60"]


def test_a_name_from_outside_is_text_and_a_long_one_is_cut() -> None:
    picture = bars("<b>", {"<script>alert(1)</script> yang panjang": {"a": 1}}, [Part("a", "a", "#0f6a3c")])
    assert texts(picture)[2] == "<script>alert(1)</scrip…"


def test_every_word_is_there_in_both_languages() -> None:
    assert [key for key, (indonesian, english) in WORDS.items() if not indonesian or not english] == []


def test_the_sheet_holds_every_figure_and_no_formula() -> None:
    day = replace(DAY, causes=(Cause("sp4n", "=1+1", 3),))
    rows = list(csv.reader(io.StringIO(csv_of(day))))
    assert rows[0] == ["date", "figure", "of", "kind", "count"]
    assert ["2026-03-02", "handoffs", "sp4n", "parked", "3"] in rows
    assert ["2026-03-02", "parked", "sp4n", "'=1+1", "3"] in rows
    assert sum(int(row[4]) for row in rows if row[1] == "reports_by_hour") == 50


def test_the_document_says_the_same() -> None:
    told = document_of(DAY)
    assert (told["received"], told["delivered_share"], told["parked"][0]["count"]) == (50, 0.8654, 3)
    assert document_of(EMPTY)["delivered_share"] is None


@pytest.mark.parametrize("day", [DAY, EMPTY, replace(DAY, causes=(Cause("sp4n", "naïve—☂", 1),))])
def test_the_page_of_paper_is_a_pdf(day: Day) -> None:
    assert pdf_of(day)[:5] == b"%PDF-"


@pytest.mark.parametrize("day", [date(1, 1, 1), date(637, 5, 24), date(1999, 12, 31), date(3000, 1, 1), date.max])
def test_there_is_no_report_of_a_day_in_which_no_gateway_ran(day: date) -> None:
    with pytest.raises(Invalid, match="2000-01-01"):
        bounds(day)
