"""The receipt on paper: its QR code holds, square for square, the link that checks it, large enough."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator

import pytest
import segno

from gateway.citizen_receipt_check import ReceiptReport
from gateway.citizen_receipt_format import to_link
from gateway.public.receipt_pdf import receipt_pdf
from gateway.receipting import MadeReceipt

NAMES = {"kemenkes": "Kementerian Kesehatan"}
COMPACT = "SP4N1." + "aB3_" * 120
DOCUMENT = {"made_at": "2026-03-02T01:15:30Z", "standing": "pending", "compact": COMPACT, "key": "kunci+publik"}
_SQUARE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f")


def printed(address: str) -> bytes:
    checked = ReceiptReport("asal", "2026-03-02T01:15:30Z", "pending", "", (), (("kemenkes", "pending"),), 0, (), NAMES)
    return receipt_pdf(MadeReceipt("K7RM-4XQ9-HT3C", json.dumps(DOCUMENT).encode(), checked), address)


def pages(pdf: bytes) -> Iterator[bytes]:
    """The drawing of each page."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def code_in(pdf: bytes) -> list[list[int]]:
    """The dark and light squares between the outermost dark ones."""
    squares = [tuple(map(float, one)) for page in pages(pdf) for one in _SQUARE.findall(page)]
    side = squares[0][2]
    left, top = min(x for x, *_ in squares), max(y for _, y, *_ in squares)
    dark = {(round((top - y) / side), round((x - left) / side)) for x, y, *_ in squares}
    size = max(across for _, across in dark) + 1
    return [[int((down, across) in dark) for across in range(size)] for down in range(size)]


@pytest.mark.parametrize("address", ["https://lapor.example.go.id/periksa", "/periksa"])
def test_the_code_on_paper_is_that_of_the_link_or_of_the_short_form(address: str) -> None:
    content = to_link(address, COMPACT) if address.startswith("https") else COMPACT
    expected = [list(row) for row in segno.make_qr(content, error="m").matrix]
    assert code_in(printed(address)) == expected


def test_the_squares_are_large_enough_for_a_telephone() -> None:
    squares = [float(one[2]) for page in pages(printed("/periksa")) for one in _SQUARE.findall(page)]
    assert min(squares) / 72 * 25.4 > 0.5  # millimetres


def test_the_page_holds_no_more_than_it_should() -> None:
    text = b"".join(pages(printed("/periksa")))
    assert b"K7RM-4XQ9-HT3C" in text
    assert (b"Kementerian Kesehatan" in text, b"kemenkes" in text) == (True, False)
