"""People whom a provider knows, on both databases: one account each, and each answer taken once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.subjects import Subject, account_of, enter, find_subject, take_return, turn_away
from gateway.ledger.users import UserRow, add_user, list_users, lock_user
from gateway.roles import Role
from schemas.errors import Forbidden
from tests.integration.ledger.making import LATER, NOW
from tests.integration.ledger.test_users import ANI, a_session

SITI = Subject("https://masuk.example.go.id", "s-1", "siti")
KEEP = timedelta(minutes=20)


async def test_an_answer_is_taken_once(ledger: Ledger) -> None:
    taken = [await ledger.write(take_return, b"\1" * 16, NOW, KEEP) for _ in range(2)]
    assert taken == [True, False]


async def test_answers_are_forgotten_after_a_while(ledger: Ledger) -> None:
    await ledger.write(take_return, b"\1" * 16, NOW, KEEP)
    await ledger.write(take_return, b"\2" * 16, NOW + KEEP + timedelta(seconds=1), KEEP)
    assert await ledger.write(take_return, b"\1" * 16, NOW + KEEP, KEEP) is True


async def test_one_account_is_made_and_found_again(ledger: Ledger) -> None:
    made = await ledger.write(account_of, SITI, Role.VIEWER, NOW)
    found = await ledger.write(account_of, SITI, Role.OPERATOR, LATER)
    assert (made, found) == (
        UserRow("siti", Role.VIEWER, "", NOW, NOW),
        UserRow("siti", Role.OPERATOR, "", NOW, NOW),
    )
    assert await ledger.read(list_users) == [found]


async def test_the_same_subject_of_another_issuer_is_somebody_else(ledger: Ledger) -> None:
    await ledger.write(account_of, SITI, Role.VIEWER, NOW)
    other = Subject("https://lain.example", "s-1", "siti")
    assert (await ledger.write(account_of, other, Role.ADMIN, NOW)).name == "siti-2"


async def test_a_long_name_keeps_its_length_with_a_number(ledger: Ledger) -> None:
    names = [
        (await ledger.write(account_of, Subject("https://i.example", str(n), "x" * 32), Role.VIEWER, NOW)).name
        for n in range(2)
    ]
    assert names == ["x" * 32, "x" * 30 + "-2"]


async def test_who_is_locked_out_changes_nothing(ledger: Ledger) -> None:
    await ledger.write(add_user, ANI, "cli:root")
    await ledger.write(enter, SITI, Role.VIEWER, a_session("siti"))
    await ledger.write(lock_user, "siti", "ani", NOW, locked=True)
    with pytest.raises(Forbidden):
        await ledger.write(enter, SITI, Role.ADMIN, a_session("siti again"))
    known = await ledger.read(find_subject, SITI)
    assert known is not None
    assert (known.role, known.locked_at) == (Role.VIEWER, NOW)


async def test_who_is_turned_away_without_an_account_gets_none(ledger: Ledger) -> None:
    await ledger.write(turn_away, SITI, "no_role", "10.0.0.1", NOW)
    assert await ledger.read(list_users) == []
