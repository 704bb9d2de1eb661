"""The account of a run: whole only when nothing was broken, and signed so that nobody can better it afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.chaos.account import Account, account_of, opened, signed, table
from gateway.chaos.regime import Part, Regime, Taking
from gateway.ledger.recount import Recount
from gateway.notes import InvalidNote, Signer, sign
from schemas.errors import Invalid
from schemas.handoff import Repeat

SIGNER = Signer("jurnal.contoh.go.id", bytes(range(32)))
EMPTY = Recount({}, [], Counter(), Counter(), Counter(), Counter(), frozenset(), 3)


def account(*broken: str) -> Account:
    return account_of(
        Regime(reports=10, kills=2),
        [Part("dinas", "ministry", Repeat.LOOKUP)],
        EMPTY,
        [Taking("dinas", "post", "AAAA-AAAA-AAAA", "1")],
        began=datetime(2026, 3, 1, tzinfo=UTC),
        ledger="SQLite",
        broker="memory",
        kept=10,
        posts=12,
        blows=Counter({"gateway killed": 2, "ledger cut off": 1}),
        kills=2,
        moods=Counter(),
        decisions=Counter(),
        journal=40,
        broken=broken,
        broken_count=len(broken),
    )


def test_the_table_says_what_was_done_and_that_every_promise_held() -> None:
    shown = table(account())
    assert "12 posts, 10 answered 202" in shown
    assert "2 (gateway killed 2)" in shown
    assert "cuts        ledger cut off 1" in shown
    assert "EVERY PROMISE HELD" in shown


def test_a_broken_promise_is_named_and_the_account_is_not_whole() -> None:
    broken = account("lost: pesan-1 got a 202 and is not in the ledger")
    assert not broken.whole
    assert "✗ lost: pesan-1" in table(broken)
    assert "BROKEN PROMISES: 1" in table(broken)


def test_a_signed_account_opens_with_the_public_key_and_shows_its_table() -> None:
    made = account()
    document, shown = opened(signed(made, SIGNER), [SIGNER.verifier])
    assert (document["kept"], document["broken_count"], document["regime"]["kills"]) == (10, 0, 2)
    assert shown.splitlines() == [line for line in table(made).splitlines() if line]


def test_an_account_that_was_bettered_does_not_open() -> None:
    note = signed(replace(account(), kept=9), SIGNER)
    with pytest.raises(InvalidNote):
        opened(note.replace('"kept":9', '"kept":10'), [SIGNER.verifier])


def test_another_note_of_the_same_key_is_no_account() -> None:
    with pytest.raises(Invalid):
        opened(sign("jurnal.contoh.go.id\n4\nAAAA\n", SIGNER), [SIGNER.verifier])
