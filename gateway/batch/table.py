"""A table in a file: which kind it is, where its header stands, and its rows with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gateway.batch.delimited import delimited_rows, delimiter_of, encoding_of
from gateway.batch.workbook import workbook_rows
from schemas.errors import Invalid, Malformed, NotFound, TooLarge

MOST_BYTES = 512 * 1024**2
HEADER_WITHIN = 40
"""So many rows may stand above the header: LAPOR!'s export begins with some about itself."""

Judge = Callable[[Sequence[str]], int]
"""How well a row serves as a header; 0: not at all."""

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table by its number in the file, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """`delimiter` is empty for a workbook. `rows` can be walked again and again."""

    path: Path
    header: Row
    delimiter: str
    _open: Callable[[], Iterator[list[str]]]

    def rows(self) -> Iterator[Row]:
        """What stands below the header; rows with nothing in them are passed over."""
        numbered = enumerate(self._open(), start=1)
        for number, cells in islice(numbered, self.header.number, None):
            if any(text.strip() for text in cells):
                yield Row(number, cells)


def open_table(path: Path, judge: Judge, sheet: str | None = None) -> Table:
    """The table in a file. Raises NotFound, TooLarge, Malformed or Invalid with what to do."""
    _require_readable(path)
    with path.open("rb") as file:
        first = file.read(2048)
    if first.startswith(_OLD):
        raise Malformed(
            f"{path.name} is a workbook of Excel before 2007, or locked: save it as .xlsx, without password"
        )
    if first.lstrip()[:1] == b"<":
        raise Malformed(f"{path.name} is a web page or XML, whatever its name says: open it and save it as .xlsx")
    if first.startswith(_PACKED):
        return _with_header(path, "", lambda: workbook_rows(path, sheet), judge)
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding, lambda rows: max(map(judge, rows), default=0), HEADER_WITHIN)
    return _with_header(path, delimiter, lambda: delimited_rows(path, delimiter, encoding), judge)


def _with_header(path: Path, delimiter: str, rows: Callable[[], Iterator[list[str]]], judge: Judge) -> Table:
    above = [Row(number, cells) for number, cells in enumerate(islice(rows(), HEADER_WITHIN), start=1)]
    header = max(above, key=lambda row: (judge(row.cells), -row.number), default=None)
    if header is None or judge(header.cells) == 0:
        told = "no row among the first 40 names a column that tells what happened (`Isi Laporan`)"
        raise Invalid(f"{path.name}: {told}; name it with --map 'HEADER=content', see `import --template`")
    return Table(path, header, delimiter, rows)


def _require_readable(path: Path) -> None:
    try:
        size = path.stat().st_size
        is_file = path.is_file()
        with path.open("rb"):
            pass
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from error
    if not is_file or not size:
        raise Malformed(f"{path} is empty, or no file")
    if size > MOST_BYTES:
        raise TooLarge(f"{path.name} is larger than {MOST_BYTES} bytes: split it")
