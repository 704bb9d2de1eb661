"""Tables are read from whatever people call one, and files made to do harm are not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from gateway.batch.rejects import PROBLEM, ROW, Rejects
from gateway.batch.table import Row, Table, open_table
from schemas.errors import BadInput, Invalid, Malformed, NotFound, TooLarge

TEXT = "Nomor;Isi\n1;Jalan “rusak” – parah\n2;Lampu mati\n"


def judge(row: Any) -> int:
    return len([cell for cell in row if cell.strip() in ("Nomor", "Isi", "Judul")]) if "Isi" in row else 0


def rows(path: Path, sheet: str | None = None) -> list[list[str]]:
    return [row.cells for row in open_table(path, judge, sheet).rows()]


def saved(path: Path, *lines: list[Any], title: str = "Laporan") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_told_from_the_file(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(";", delimiter).encode(encoding))
    assert rows(path) == [["1", "Jalan “rusak” – parah"], ["2", "Lampu mati"]]
    assert open_table(path, judge).delimiter == delimiter


def test_the_header_may_stand_below_others_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sep=;\nIsi\n\nNomor;Isi;Judul\n;;\n1;"Jalan\nrusak; parah";x\n', "utf-8")
    table = open_table(path, judge)
    assert (table.header, list(table.rows())) == (
        Row(4, ["Nomor", "Isi", "Judul"]),
        [Row(6, ["1", "Jalan\nrusak; parah", "x"])],
    )


def test_cells_of_a_workbook_are_texts_as_people_read_them(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 3, 8, 15, 30)  # noqa: DTZ001 - Excel knows no zones
    cells = [7810233, 1.5, 3.0, True, moment, date(2026, 1, 3), time(8, 15), timedelta(hours=1), None, " x "]
    path = saved(tmp_path / "a.xlsx", ["Tentang"], ["Isi", *"bcdefghij"], cells, [3273014107900001])
    texts = ["7810233", "1.5", "3", "ya", "2026-01-03 08:15:30", "2026-01-03", "08:15:00", "1:00:00", "", " x "]
    found = rows(path)
    assert (found[0][:10], found[1][0]) == (texts, "3.27301410790000E+15")


def test_a_formula_that_was_never_worked_out_is_empty(tmp_path: Path) -> None:
    assert rows(saved(tmp_path / "a.xlsx", ["Isi", "Nomor"], ["=1+1", 2]))[0][:2] == ["", "2"]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", ["Isi"], ["x"], title="Maret")
    assert rows(path, "Maret")[0][0] == "x"
    with pytest.raises(NotFound, match="Maret"):
        rows(path, "April")


def test_a_table_without_a_header_says_how_to_name_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n", "utf-8")
    with pytest.raises(Invalid, match="--map"):
        open_table(path, judge)


def packed(**entries: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)

    return write


WRONG: list[tuple[Callable[[Path], Any], type[Exception], str]] = [
    (lambda path: path.write_bytes(b""), Malformed, "empty"),
    (lambda path: path.mkdir(), NotFound, "cannot be read"),
    (lambda path: None, NotFound, "cannot be read"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9), Malformed, "save it as .xlsx"),
    (lambda path: path.write_bytes(b"  <html><table>"), Malformed, "web page"),
    (lambda path: path.write_bytes(b"PK\x03\x04 bukan zip"), Malformed, "cannot be opened"),
    (packed(surat=b"x"), Malformed, "no workbook"),
    (packed(xl__workbook_xml=b"<x/>"), Malformed, "no sound workbook"),
    (packed(xl__workbook_xml=b"<x/>", bom=b"\0" * 20 * 1024**2), TooLarge, "unpacks"),
]


@pytest.mark.parametrize(("write", "error", "told"), WRONG, ids=[told for _, _, told in WRONG])
def test_what_is_no_table_is_told_with_what_to_do(
    tmp_path: Path, write: Callable[[Path], Any], error: type[Exception], told: str
) -> None:
    path = tmp_path / "a.xlsx"
    write(path)
    with pytest.raises(error, match=told):
        open_table(path, judge)


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", ["Isi"], ["x"])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with ZipFile(path) as old:
        entries = {one: old.read(one) for one in old.namelist()}
    with ZipFile(path, "w") as new:
        for name, content in entries.items():
            new.writestr(name, bomb if name.endswith("sheet1.xml") else content)
    with pytest.raises(BadInput):
        open_table(path, judge)


def test_a_quotation_that_does_not_end_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Isi;b\nx;1\n"' + "y" * 300_000, "utf-8")
    with pytest.raises(Malformed, match="quotation"):
        rows(path)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_rejected_rows_are_written_to_be_mended_and_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.csv":
        path.write_text("Isi;Nomor\n=1+1;1\n", "utf-8")
    else:
        saved(path, ["Isi", "Nomor"], ["x", 1])
    table = open_table(path, judge)
    with Rejects(table) as rejects:
        assert rejects.write() is None
        rejects.add(Row(2, ["=1+1\x01", "1"]), ["isi: kosong"])
        written = rejects.write()
        again = rejects.write()
    assert written == path.with_name(f"a.errors{path.suffix}")
    assert again == path.with_name(f"a.errors-2{path.suffix}")
    mended = open_table(written, judge)
    [row] = mended.rows()
    assert mended.header.cells[:4] == [ROW, PROBLEM, "Isi", "Nomor"]
    assert [row.cells[0], row.cells[1], row.cells[2].rstrip("\x01"), row.cells[3]] == ["2", "isi: kosong", "=1+1", "1"]
    with Rejects(mended) as twice:
        twice.add(row, ["lagi"])
        assert open_table(twice.write() or path, judge).header.cells[:4] == [ROW, PROBLEM, "Isi", "Nomor"]


def test_a_table_that_says_too_much_of_its_size_is_not_believed(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", ["Isi"], ["x"])
    with ZipFile(path) as old:
        entries = {one: old.read(one) for one in old.namelist()}
    with ZipFile(path, "w") as new:
        for entry, content in entries.items():
            new.writestr(
                entry, content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"').replace(b'r="2"', b'r="99999999"')
            )
    table: Table = open_table(path, judge)
    with pytest.raises(TooLarge, match="empty rows"):
        list(table.rows())


def test_reading_many_rows_takes_little_more_memory_than_reading_few(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("Nomor;Isi\n")
            file.writelines(f"{number};{'Jalan rusak parah sekali. ' * 20}\n" for number in range(count))
        tracemalloc.start()
        assert sum(1 for _ in open_table(path, judge).rows()) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    few, many = peak(1000), peak(2000)
    assert many < 2 * few
    assert many < 8 * 1024**2
