"""Group commit: who shares a transaction, who fails alone, and what happens to those who went away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from gateway.ledger.group import LARGEST_GROUP, GroupCommit, Work
from schemas.errors import LedgerUnavailable

NO_CONNECTION = cast(Connection, None)


def double(_conn: Connection, items: list[int]) -> list[int]:
    return [2 * item for item in items]


def negate(_conn: Connection, items: list[int]) -> list[int]:
    return [-item for item in items]


def refuse_odd(_conn: Connection, items: list[int]) -> list[int]:
    if any(item % 2 for item in items):
        raise ArithmeticError(str(items))
    return items


@dataclass
class Transactions:
    """Runs functions as a transaction would, notes what each was given, and may be held up or unavailable."""

    open: asyncio.Event
    given: list[list[tuple[str, list[Any]]]] = field(default_factory=list)
    unavailable_at: Callable[[int], bool] = lambda _place: False

    async def __call__(self, works: Sequence[Work]) -> list[list[Any]]:
        await self.open.wait()
        self.given.append([(function.__name__, list(items)) for function, items in works])
        if self.unavailable_at(len(self.given)):
            raise LedgerUnavailable("no room")
        return [function(NO_CONNECTION, items) for function, items in works]


@pytest.fixture
def transactions() -> Transactions:
    opened = asyncio.Event()
    opened.set()
    return Transactions(opened)


@pytest.fixture
async def group(transactions: Transactions) -> AsyncIterator[GroupCommit]:
    commit = GroupCommit(transactions)
    yield commit
    transactions.open.set()
    await commit.close()


async def settled() -> None:
    """Let every task that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_item_alone_is_committed_at_once(group: GroupCommit, transactions: Transactions) -> None:
    assert await group.submit(double, 4) == 8
    assert transactions.given == [[("double", [4])]]


async def test_what_arrives_during_a_commit_is_the_next_group(group: GroupCommit, transactions: Transactions) -> None:
    transactions.open.clear()
    first = asyncio.create_task(group.submit(double, 1))
    await settled()
    others = [asyncio.create_task(group.submit(double, item)) for item in (2, 3, 4)]
    await settled()
    transactions.open.set()

    assert list(await asyncio.gather(first, *others)) == [2, 4, 6, 8]
    assert transactions.given == [[("double", [1])], [("double", [2, 3, 4])]]


async def test_a_patient_item_is_given_a_moment_for_company(transactions: Transactions) -> None:
    group = GroupCommit(transactions, patience=0.01)
    first = asyncio.create_task(group.submit(double, 1, patient=True))
    await settled()
    assert transactions.given == []
    second = asyncio.create_task(group.submit(negate, 2, patient=True))

    assert list(await asyncio.gather(first, second)) == [2, -2]
    assert transactions.given == [[("double", [1]), ("negate", [2])]]
    await group.close()


async def test_nobody_who_waits_for_an_answer_waits_for_company(transactions: Transactions) -> None:
    group = GroupCommit(transactions, patience=3600.0)
    patient = asyncio.create_task(group.submit(double, 1, patient=True))
    await settled()

    assert await group.submit(double, 2) == 4
    assert await patient == 2
    assert transactions.given == [[("double", [1, 2])]]
    await group.close()


async def test_what_is_patient_is_committed_when_the_ledger_closes(transactions: Transactions) -> None:
    group = GroupCommit(transactions, patience=3600.0)
    patient = asyncio.create_task(group.submit(double, 1, patient=True))
    await settled()

    await group.close()
    assert await patient == 2


async def test_functions_are_called_once_each_in_the_order_of_arrival(
    group: GroupCommit, transactions: Transactions
) -> None:
    answers = await asyncio.gather(group.submit(negate, 1), group.submit(double, 2), group.submit(negate, 3))

    assert list(answers) == [-1, 4, -3]
    assert transactions.given == [[("negate", [1, 3]), ("double", [2])]]


async def test_a_group_has_an_end(group: GroupCommit, transactions: Transactions) -> None:
    await asyncio.gather(*(group.submit(double, item) for item in range(LARGEST_GROUP + 1)))

    assert [len(items) for ((_, items),) in transactions.given] == [LARGEST_GROUP, 1]


async def test_a_poison_item_fails_alone(group: GroupCommit, transactions: Transactions) -> None:
    given = [group.submit(refuse_odd, item) for item in (2, 3, 4)] + [group.submit(double, 5)]

    answers = await asyncio.gather(*given, return_exceptions=True)

    assert [answers[0], type(answers[1]), answers[2], answers[3]] == [2, ArithmeticError, 4, 10]
    assert transactions.given[1:] == [
        [("refuse_odd", [2])],
        [("refuse_odd", [3])],
        [("refuse_odd", [4])],
        [("double", [5])],
    ]


async def test_after_a_poison_item_things_go_on(group: GroupCommit) -> None:
    with pytest.raises(ArithmeticError):
        await group.submit(refuse_odd, 1)
    assert await group.submit(refuse_odd, 2) == 2


async def test_an_unavailable_ledger_fails_all_at_once(group: GroupCommit, transactions: Transactions) -> None:
    transactions.unavailable_at = lambda _place: True

    answers = await asyncio.gather(*(group.submit(double, item) for item in range(9)), return_exceptions=True)

    assert {type(answer) for answer in answers} == {LedgerUnavailable}
    assert len(transactions.given) == 1


async def test_a_ledger_that_fails_between_poison_items_is_not_asked_for_each_of_them(
    group: GroupCommit, transactions: Transactions
) -> None:
    transactions.unavailable_at = lambda place: place == 3
    given = [group.submit(refuse_odd, item) for item in (2, 4, 5, 6, 8)]

    answers = await asyncio.gather(*given, return_exceptions=True)

    assert [answers[0], *(type(answer) for answer in answers[1:])] == [2, *([LedgerUnavailable] * 4)]
    assert len(transactions.given) == 3


async def test_an_answer_of_the_wrong_length_is_nobodys_answer(group: GroupCommit) -> None:
    def forget(_conn: Connection, _items: list[int]) -> list[int]:
        return []

    with pytest.raises(ValueError, match="shorter"):
        await group.submit(forget, 1)


async def test_who_went_away_before_the_commit_is_left_out(group: GroupCommit, transactions: Transactions) -> None:
    transactions.open.clear()
    first = asyncio.create_task(group.submit(double, 1))
    await settled()
    second, third = (asyncio.create_task(group.submit(double, item)) for item in (2, 3))
    await settled()
    second.cancel()
    await settled()
    transactions.open.set()

    assert list(await asyncio.gather(first, third)) == [2, 6]
    assert transactions.given == [[("double", [1])], [("double", [3])]]


async def test_who_goes_away_during_the_commit_disturbs_nobody(group: GroupCommit, transactions: Transactions) -> None:
    transactions.open.clear()
    first, second = (asyncio.create_task(group.submit(double, item)) for item in (1, 2))
    await settled()
    first.cancel()
    transactions.open.set()

    assert await second == 4


async def test_closing_commits_what_has_arrived(transactions: Transactions) -> None:
    group = GroupCommit(transactions)
    arrived = [asyncio.create_task(group.submit(double, item)) for item in range(3)]
    await settled()

    await group.close()

    assert list(await asyncio.gather(*arrived)) == [0, 2, 4]
    with pytest.raises(LedgerUnavailable):
        await group.submit(double, 1)
