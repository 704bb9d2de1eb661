"""The rows that could not be taken, in a table like the one they came from, to be mended and imported again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from gateway.batch.delimited import write_delimited
from gateway.batch.table import Row, Table
from gateway.batch.workbook import write_workbook

ROW, PROBLEM = "[Baris / Row]", "[Kesalahan / Problem]"
"""The two columns that stand before the table's own; an import passes them over."""


class Rejects:
    """Gathers rows on disk, not in memory, until they are written out."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._ours = {place for place, name in enumerate(table.header.cells) if name in (ROW, PROBLEM)}
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, row: Row, problems: Sequence[str]) -> None:
        """A row and what is wrong with it."""
        self._file.write(orjson.dumps([str(row.number), "; ".join(problems), *self._own(row.cells)]) + b"\n")
        self.count += 1

    def write(self) -> Path | None:
        """Write them beside the table, over no other file. None when there are none."""
        if not self.count:
            return None
        path = _free(self._table.path, ".csv" if self._table.delimiter else ".xlsx")
        rows = self._rows()
        if self._table.delimiter:
            write_delimited(path, self._table.delimiter, rows)
        else:
            write_workbook(path, rows)
        return path

    def _rows(self) -> Iterator[list[str]]:
        yield [ROW, PROBLEM, *self._own(self._table.header.cells)]
        self._file.seek(0)
        for line in self._file:
            yield orjson.loads(line)

    def _own(self, cells: Sequence[str]) -> list[str]:
        return [text for place, text in enumerate(cells) if place not in self._ours]


def _free(path: Path, ending: str) -> Path:
    """`laporan.xlsx` gives `laporan.errors.xlsx`, or the first number that is free."""
    stem = path.name.removesuffix(path.suffix)
    number = 1
    while (found := path.with_name(f"{stem}.errors{'' if number == 1 else f'-{number}'}{ending}")).exists():
        number += 1
    return found
