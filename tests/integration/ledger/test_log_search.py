"""The search finds what a filter lets through, in the log's order: whatever there is, and wherever it looks first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from gateway.ledger import Ledger
from gateway.ledger.delivery_log import lines_among
from gateway.ledger.log_filter import LogFilter
from gateway.ledger.log_search import find_attempts
from schemas.handoff import HandoffState, OutcomeKind
from tests.integration.databases import POSTGRESQL, SQLITE
from tests.integration.ledger.log_rows import BEGAN, LogRows, log_rows, some_filters
from tests.integration.ledgers import OpenLedger

VALUES: dict[str, tuple[Any, ...]] = {
    "destination": (None, "sp4n"),
    "channel": (None, "desk"),
    "state": (None, HandoffState.PENDING, HandoffState.PARKED, HandoffState.DELIVERED),
    "outcome": (None, OutcomeKind.REFUSED),
    "reason": (None, "http_42", "time"),
    "report_ids": (None, "some"),
    "since": (None, BEGAN),
}
MANY = {SQLITE: 25, POSTGRESQL: 3}
"""How many ledgers are made up."""


@pytest.fixture
async def unbalanced(open_ledger: OpenLedger) -> Ledger:
    """A ledger for rows that nothing led to."""
    return await open_ledger()


def pages(conn: Connection, wanted: LogFilter, size: int, at_first: int) -> Iterator[list[UUID]]:
    """Page after page, up to one that is not full."""
    page = find_attempts(conn, wanted, None, size, at_first)
    yield page
    while len(page) == size:
        before = page[-1]
        page = find_attempts(conn, wanted, before, size, at_first)
        assert not page or page[0] < before, f"{wanted} does not go on"
        yield page


def slips(conn: Connection, rows: LogRows, filters: Iterator[LogFilter]) -> list[tuple[LogFilter, int, int]]:
    """The filters that find something else than they should, with how they were asked."""
    wrong, chance = [], Random(1)
    for wanted in filters:
        size, at_first = chance.choice([1, 3, 50]), chance.choice([1, 2, 7, 1000])
        found = list(pages(conn, wanted, size, at_first))
        if list(itertools.chain.from_iterable(found)) != rows.fitting(wanted) or any(len(one) > size for one in found):
            wrong.append((wanted, size, at_first))
    return wrong


def every_filter(rows: LogRows) -> Iterator[LogFilter]:
    """All filters together, in every combination."""
    its = tuple(each["id"] for each in rows.reports[::2])
    for values in itertools.product(*VALUES.values()):
        given = dict(zip(VALUES, values, strict=True))
        yield LogFilter(**given | {"report_ids": its if given["report_ids"] else None})


async def test_every_combination_of_filters_finds_what_fits_it(unbalanced: Ledger) -> None:
    rows = log_rows(7, 20)
    await unbalanced.write(rows.put)
    assert await unbalanced.read(slips, rows, every_filter(rows)) == []


async def test_whatever_is_in_the_ledger_the_search_finds_what_fits(unbalanced: Ledger, ledger_url: str) -> None:
    wrong = []
    for seed in range(MANY[ledger_url.split(":")[0]]):
        rows = log_rows(seed)
        await unbalanced.write(rows.put)
        wrong += [(seed, *slip) for slip in await unbalanced.read(slips, rows, some_filters(rows, 60))]
    assert wrong == []


async def test_a_part_of_very_many_reasons_leaves_none_of_them_out(unbalanced: Ledger) -> None:
    rows = log_rows(5, 60, tuple(f"http_5{number:02}" for number in range(40)))
    await unbalanced.write(rows.put)
    filters = (LogFilter(reason="http", outcome=outcome) for outcome in (None, *OutcomeKind))
    assert await unbalanced.read(slips, rows, filters) == []


async def test_those_that_just_ended_go_through_the_same_filter(unbalanced: Ledger) -> None:
    rows = log_rows(3, 20)
    await unbalanced.write(rows.put)
    ended = {each["id"] for each in rows.attempts[::2]}
    wrong = []
    for wanted in some_filters(rows, 60):
        lines = await unbalanced.read(lines_among, wanted, ended, 5)
        if [line.attempt.id for line in lines] != [each for each in rows.fitting(wanted) if each in ended][:5]:
            wrong.append(wanted)
    assert wrong == []
