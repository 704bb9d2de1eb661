"""Rows are taken some at a time; what stops an import stops it, what is wrong with a row does not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from gateway.batch.rejects import Rejects
from gateway.batch.run import AT_ONCE, USED, Tally, import_rows
from gateway.batch.table import Table, open_table
from gateway.intake import Accepted
from schemas.errors import Invalid, Malformed, Overloaded


def a_table(folder: Path, rows: int) -> Table:
    path = folder / "a.csv"
    path.write_text("isi\n" + "".join(f"{number}\n" for number in range(rows)), "utf-8")
    return open_table(path, lambda row: row == ["isi"])


def kept(*, duplicate: bool = False, conflict: bool = False) -> Accepted:
    return Accepted("1", uuid4(), "K7RM-4XQ9-HT3C", duplicate, conflict)


class Taking:
    """Takes rows together, and counts how many it has at once."""

    def __init__(self, *problems: Exception) -> None:
        self.most = self.inside = 0
        self._problems = list(problems)

    async def take(self, fields: Mapping[str, str]) -> Accepted:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0)
        self.inside -= 1
        if self._problems:
            raise self._problems.pop(0)
        number = int(fields["isi"])
        return kept(duplicate=number % 10 in (1, 2), conflict=number % 10 == 2)


async def imported(table: Table, taking: Taking, tally: Tally) -> list[int]:
    advanced: list[int] = []
    with Rejects(table) as rejects:
        try:
            await import_rows(table, lambda cells: {"isi": cells[0]}, taking.take, rejects, tally, advanced.append)
        finally:
            rejects.write()
    return advanced


async def test_no_more_rows_are_in_hand_than_share_a_commit(tmp_path: Path) -> None:
    table, taking, tally = a_table(tmp_path, 450), Taking(), Tally()
    assert await imported(table, taking, tally) == [200, 200, 50]
    assert (taking.most, tally) == (AT_ONCE, Tally(450, kept=360, known=45, wrong=45))
    assert (tmp_path / "a.errors.csv").read_text("utf-8-sig").count(USED) == 45


async def test_what_is_wrong_with_a_row_is_told_with_it(tmp_path: Path) -> None:
    mistakes = Invalid("mend", [{"at": "email", "problem": "aneh"}, {"at": "nik", "problem": "pendek"}])
    tally = Tally()
    await imported(a_table(tmp_path, 3), Taking(mistakes, Malformed("tidak terbaca")), tally)
    assert tally == Tally(3, kept=0, known=0, wrong=3)
    lines = (tmp_path / "a.errors.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:3] == [
        "2;email: aneh; nik: pendek;0".replace("email: aneh; nik: pendek", '"email: aneh; nik: pendek"'),
        "3;tidak terbaca;1",
    ]


async def test_an_intake_that_takes_no_more_stops_the_import_after_what_it_has_taken(tmp_path: Path) -> None:
    tally = Tally()
    with pytest.raises(Overloaded):
        await imported(a_table(tmp_path, 450), Taking(Overloaded("penuh")), tally)
    assert (tally.read, tally.wrong) == (199, 20)
