"""A table comes in row by row through the door of every channel: repeated, interrupted, mended, it makes nothing twice.

Short form: 120 rows. SP4N_TEST_LONG=1: 10,000.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import psutil
import pytest
from openpyxl import Workbook

from adapters.channels.batch.columns import columns_of
from adapters.contract import InboundRequest
from gateway.batch.rejects import Rejects
from gateway.batch.run import Tally, import_rows
from gateway.batch.table import Table, open_table
from gateway.intake import Accepted
from gateway.ledger.channels import add_channel
from gateway.ledger.destinations import pause
from gateway.ledger.values import ChannelRow
from schemas.errors import LedgerUnavailable
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, Installation, installation

ROWS = 10_000 if os.environ.get("SP4N_TEST_LONG") == "1" else 120
WRONG_EVERY = 40
GROWTH = 256 * 1024**2
"""Bytes by which the process may grow over an import, however many rows it has."""

HEADER = [
    "Tracking ID",
    "Tanggal Laporan Masuk",
    "Judul Laporan",
    "Isi Laporan Akhir",
    "Klasifikasi Laporan",
    "Kecamatan",
]


def export(path: Path, rows: int, *, wrong_every: int = WRONG_EVERY) -> Path:
    """An export as LAPOR! makes it, with a class that does not exist in some rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Laporan SP4N-LAPOR!"])
    sheet.append(HEADER)
    for number in range(rows):
        content = f"Jalan di depan pasar nomor {number} berlubang dalam sejak bulan lalu, sudah banyak yang jatuh."
        kind = "Aspirasi" if (number + 1) % wrong_every else "Entah"
        sheet.append([7_800_000 + number, "3 Jan 2026", f"Jalan rusak {number}", content, kind, "Cimahi Tengah"])
    book.save(path)
    return path


class Importing:
    """Imports into an installation; `dies_after` so many rows the ledger is gone."""

    def __init__(self, it: Installation) -> None:
        self._it = it
        self.dies_after: int | None = None

    async def run(self, path: Path, rejected: list[Path] | None = None) -> Tally:
        table: Table = open_table(path, lambda row: len(columns_of(row).places) if "Isi Laporan Akhir" in row else 0)
        tally, told = Tally(), []
        with Rejects(table) as rejects:
            await import_rows(table, columns_of(table.header.cells).fields, self._take, rejects, tally, told.append)
            written = rejects.write()
        assert sum(told) == tally.read
        if rejected is not None and written is not None:
            rejected.append(written)
        return tally

    async def _take(self, fields: Mapping[str, str]) -> Accepted:
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                raise LedgerUnavailable("gone")
        gateway = self._it.gateway
        channel = await gateway.access.any_channel("arsip")
        request = InboundRequest("POST", "", {}, {}, orjson.dumps(fields), gateway.intake.now())
        [accepted] = await gateway.intake.take(channel, request)
        return accepted


@asynccontextmanager
async def importing(folder: Path, place: Backend) -> AsyncIterator[tuple[Importing, Installation]]:
    """Nothing is handed on meanwhile: the simulators live in this process and keep all that they take."""
    async with installation(folder, place) as it:
        now = it.gateway.clock.now()
        await it.ledger.write(pause, SP4N, "uji", "impor", now)
        await it.ledger.write(add_channel, ChannelRow("arsip", "batch", now, {}), "uji")
        yield Importing(it), it


async def accepted_of(it: Installation) -> int:
    return sum(row.accepted for row in await it.books() if row.channel == "arsip")


@pytest.mark.timeout(3600)
async def test_an_import_that_broke_off_is_repeated_and_a_second_one_adds_nothing(
    tmp_path: Path, embedded: Backend
) -> None:
    path, wrong = export(tmp_path / "ekspor.xlsx", ROWS), ROWS // WRONG_EVERY
    async with importing(tmp_path, embedded) as (imports, it):
        before = psutil.Process().memory_info().rss
        imports.dies_after = ROWS // 2
        with pytest.raises(LedgerUnavailable):
            await imports.run(path)
        imports.dies_after = None
        half = await accepted_of(it)
        assert 0 < half < ROWS - wrong
        rejected: list[Path] = []
        assert await imports.run(path, rejected) == Tally(ROWS, ROWS - wrong - half, half, wrong)
        assert await imports.run(path) == Tally(ROWS, 0, ROWS - wrong, wrong)
        assert await accepted_of(it) == ROWS - wrong
        assert psutil.Process().memory_info().rss - before < GROWTH
        await _mended(imports, rejected[0], wrong)
        assert await accepted_of(it) == ROWS


async def _mended(imports: Importing, rejected: Path, wrong: int) -> None:
    """What was wrong is mended where it is told, and that file imported."""
    table = open_table(rejected, lambda row: len(row) if "Isi Laporan Akhir" in row else 0)
    rows = [[cell.replace("Entah", "Aspirasi") for cell in row.cells] for row in table.rows()]
    assert rows[0][0] == str(WRONG_EVERY + 2)
    assert "classification" in rows[0][1]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [table.header.cells, *rows]:
        sheet.append(row)
    book.save(rejected)
    assert await imports.run(rejected) == Tally(wrong, wrong, 0, 0)


async def test_another_text_under_a_number_that_is_used_is_an_error(tmp_path: Path, embedded: Backend) -> None:
    path = tmp_path / "a.csv"
    async with importing(tmp_path, embedded) as (imports, _):
        path.write_text("Tracking ID;Isi Laporan Akhir\n7;Lampu jalan padam sejak Senin\n", "utf-8")
        assert await imports.run(path) == Tally(1, 1, 0, 0)
        path.write_text("Tracking ID;Isi Laporan Akhir\n7;Pohon tumbang menutup jalan desa\n", "utf-8")
        rejected: list[Path] = []
        assert await imports.run(path, rejected) == Tally(1, 0, 0, 1)
        assert "another report" in rejected[0].read_text("utf-8-sig")
