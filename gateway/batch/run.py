"""Takes the rows of a table through intake, some at a time, so that memory stays small and commits are shared."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from gateway.batch.rejects import Rejects
from gateway.batch.table import Row, Table
from gateway.intake import Accepted
from schemas.errors import BadInput, Invalid

AT_ONCE = 200
"""Rows of one commit."""

Take = Callable[[Mapping[str, str]], Awaitable[Accepted | None]]
"""Keeps one row, given as field and text; None: it was only looked at. Raises BadInput, or Busy when nothing can be."""

Split = Callable[[list[str]], Mapping[str, str]]
"""The fields of a row."""

USED = "nomor ini sudah dipakai untuk laporan lain / another report was kept under this number"


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    read: int = 0
    kept: int = 0
    known: int = 0
    wrong: int = 0


async def import_rows(
    table: Table, split: Split, take: Take, rejects: Rejects, tally: Tally, advance: Callable[[int], None]
) -> None:
    """Take every row. Raises Busy or Malformed when it must stop: what was taken stays, `tally` tells how much."""
    rows = table.rows()
    while group := list(islice(rows, AT_ONCE)):
        results = await asyncio.gather(*(_one(row, split, take) for row in group), return_exceptions=True)
        stop: BaseException | None = None
        for row, result in zip(group, results, strict=True):
            if isinstance(result, BaseException) and not isinstance(result, BadInput):
                stop = result
                continue
            tally.read += 1
            _note(row, result, rejects, tally)
        if stop is not None:
            raise stop
        advance(len(group))


async def _one(row: Row, split: Split, take: Take) -> Accepted | None:
    return await take(split(row.cells))


def _note(row: Row, result: Accepted | BaseException | None, rejects: Rejects, tally: Tally) -> None:
    if isinstance(result, BaseException):
        tally.wrong += 1
        rejects.add(row, _problems(result))
    elif result is not None and result.conflict:
        tally.wrong += 1
        rejects.add(row, [USED])
    elif result is not None and result.duplicate:
        tally.known += 1
    else:
        tally.kept += 1


def _problems(error: BaseException) -> list[str]:
    if isinstance(error, Invalid) and error.errors:
        return [f"{one['at']}: {one['problem']}" for one in error.errors]
    return [str(error)]
