"""Rows of an Excel workbook, streamed; a file made to do harm is refused before it is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from schemas.errors import Malformed, NotFound, TooLarge

MOST_COLUMNS = 200
_MOST_EMPTY = 5000
_MOST_ENTRIES = 5000
_MOST_UNPACKED = 1024**3
_MOST_STRINGS = 256 * 1024**2
_MOST_RATIO, _RATIO_FROM = 400, 16 * 1024**2
_LONG_NUMBER = 10**15  # Excel keeps 15 digits of a number
_BROKEN = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, EOFError)
_MIDNIGHT = re.compile(r" 00:00:00$")


def workbook_rows(path: Path, sheet: str | None) -> Iterator[list[str]]:
    """Every row of a sheet, of the first where none is named, as texts. Formulas give what they came to when saved.

    Raises Malformed, TooLarge or NotFound (no such sheet).
    """
    _require_harmless(path)
    try:
        with closing(load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            found = _sheet(book, sheet)
            found.reset_dimensions()  # what a file says of its size need not be true
            yield from _texts(path.name, found.iter_rows(values_only=True, max_col=MOST_COLUMNS))
    except _BROKEN as error:
        raise Malformed(f"{path.name} is no sound workbook ({type(error).__name__}): save it anew as .xlsx") from error


def _texts(name: str, rows: Iterator[tuple[Any, ...]]) -> Iterator[list[str]]:
    """A row that the file leaves out is empty; a file may leave out as many as it likes."""
    empty = 0
    for row in rows:
        empty = empty + 1 if row.count(None) == len(row) else 0
        if empty > _MOST_EMPTY:
            raise TooLarge(f"{name} has more than {_MOST_EMPTY} empty rows in a row: delete them")
        yield [] if empty else [_text(value) for value in row]


def _sheet(book: Any, name: str | None) -> Any:
    if name is None:
        return book.worksheets[0]
    if name not in book.sheetnames:
        raise NotFound(f"there is no sheet {name!r}; there are {', '.join(book.sheetnames)}")
    return book[name]


def _require_harmless(path: Path) -> None:
    """Refuse what would fill the memory when unpacked. zipfile never reads more than an entry says that it holds."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except (BadZipFile, OSError, ValueError) as error:
        raise Malformed(f"{path.name} cannot be opened as a workbook: save it anew as .xlsx") from error
    strings = sum(one.file_size for one in entries if one.filename.endswith("sharedStrings.xml"))
    packed = [one for one in entries if one.file_size > max(_RATIO_FROM, _MOST_RATIO * one.compress_size)]
    unpacked = sum(one.file_size for one in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or strings > _MOST_STRINGS or packed:
        raise TooLarge(f"{path.name} unpacks to more than a table holds; it is not read. Split it, or save it as CSV")
    if not any(one.filename == "xl/workbook.xml" for one in entries):
        raise Malformed(f"{path.name} is an archive, but no workbook: save the table as .xlsx or .csv")


def _text(value: Any) -> str:
    """A cell as people read it. A number too long for Excel keeps the form that shows that it was rounded."""
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case int() | float():
            return _number(value)
        case datetime():
            return _MIDNIGHT.sub("", value.replace(microsecond=0, tzinfo=None).isoformat(" "))
        case date() | time():
            return value.isoformat()[:10] if isinstance(value, date) else value.replace(microsecond=0).isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)


def _number(value: float) -> str:
    if abs(value) >= _LONG_NUMBER:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)


def write_workbook(path: Path, rows: Iterator[Sequence[str]]) -> None:
    """Write rows as texts: none of them is a formula, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)) for text in row]
        for cell in cells:
            cell.data_type = "s"
            cell.number_format = "@"
        sheet.append(cells)
    book.save(path)
