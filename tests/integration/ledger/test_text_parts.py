"""Parts of a long text wait for one another, come once, and are destroyed when they are joined."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.contract import InboundMessage, TextPart
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.text_parts import waiting_parts
from gateway.text_parts import TextParts, Whole, joining
from gateway.vault import Vault
from tests.integration.ledger.making import NOW

WITHIN = timedelta(minutes=1)


class Hands:
    """The gateway's hands on parts, with a clock that a test moves."""

    def __init__(self, ledger: Ledger) -> None:
        self.at: datetime = NOW
        clock = cast(Any, SimpleNamespace(now=lambda: self.at))
        self.vault = Vault(make_key_ring(os.urandom))
        self.parts = TextParts(ledger, self.vault, clock, WITHIN)
        self.kept: list[InboundMessage] = []

    async def take(self, number: int, text: str, total: int = 3, message_id: str = "") -> Whole | None:
        part = TextPart("7", number, total)
        message = InboundMessage(message_id or f"m{number}", text, b"raw", conversation="62812", text_part=part)
        _, texts = await self.parts.gathered("sms", [message])
        return texts[0] if texts else None

    def key_of(self, message_id: str) -> bytes:
        return self.vault.keyed_hash("message", "sms", message_id)

    async def keep(self, text: Whole) -> None:
        self.kept.append(text.message)
        await self.parts.done(text)

    async def round(self, later: timedelta) -> list[str]:
        self.at += later
        (_, _, join), (_, _, forget) = joining(self.parts, self.keep)
        await join()
        await forget()
        return [message.content for message in self.kept]


@pytest.fixture
def hands(ledger: Ledger) -> Hands:
    return Hands(ledger)


async def test_the_last_part_to_come_completes_the_text_in_its_order(hands: Hands) -> None:
    assert await hands.take(3, "tiga") is None
    assert await hands.take(1, "satu") is None
    text = await hands.take(2, "dua")
    assert text is not None
    assert (text.message.content, text.message.message_id, text.message.text_part) == ("satuduatiga", "m1", None)


async def test_a_part_that_comes_again_changes_nothing(hands: Hands) -> None:
    for _ in range(2):
        assert await hands.take(1, "satu", total=2) is None
    text = await hands.take(2, "dua", total=2)
    assert text is not None
    await hands.keep(text)
    assert await hands.take(1, "satu", total=2) is None
    assert await hands.take(2, "dua", total=2) is None
    assert await hands.round(timedelta(hours=1)) == ["satudua"]


async def test_what_does_not_come_in_time_is_said_where_it_would_stand(hands: Hands) -> None:
    await hands.take(2, "dua")
    assert await hands.round(WITHIN / 2) == []
    assert await hands.round(WITHIN) == [" [bagian 1 dari 3 tidak sampai] dua [bagian 3 dari 3 tidak sampai] "]


async def test_a_complete_text_that_a_death_left_is_taken_up(hands: Hands) -> None:
    await hands.take(1, "satu", total=2)
    await hands.take(2, "dua", total=2)
    assert await hands.round(timedelta(seconds=1)) == ["satudua"]


async def test_a_reference_that_is_used_again_makes_another_text(hands: Hands) -> None:
    texts = []
    for name in ("a", "b"):
        await hands.take(1, f"{name}1", total=2, message_id=f"{name}-1")
        texts.append(await hands.take(2, f"{name}2", total=2, message_id=f"{name}-2"))
        await hands.keep(cast(Whole, texts[-1]))
    assert [text.message.content for text in texts if text] == ["a1a2", "b1b2"]


async def test_joined_parts_are_destroyed_and_in_the_end_forgotten(hands: Hands, ledger: Ledger) -> None:
    await hands.take(1, "satu", total=2)
    await hands.keep(cast(Whole, await hands.take(2, "dua", total=2)))
    assert await ledger.read(waiting_parts, 10) == []
    await hands.round(timedelta(hours=49))
    assert await hands.take(1, "satu", total=2) is None
    assert len(await ledger.read(waiting_parts, 10)) == 1


async def told_partly(hands: Hands, *numbers: int) -> None:
    """These of three parts, kept as a text of their own because the others did not come in time."""
    for number in numbers:
        await hands.take(number, f"bagian-{number}")
    await hands.round(WITHIN)


async def test_a_part_that_comes_after_the_rest_went_on_is_told_at_once_and_names_what_it_belongs_to(
    hands: Hands,
) -> None:
    await told_partly(hands, 1, 3)
    text = await hands.take(2, "bagian-2")
    assert text is not None
    assert (text.message.content, text.message.message_id) == (" [bagian 2 dari 3 menyusul] bagian-2", "m2")
    assert text.continues == hands.key_of("m1")
    await hands.keep(text)
    assert await hands.take(2, "bagian-2") is None, "the vendor sends it again"
    assert len(await hands.round(timedelta(hours=1))) == 2


async def test_of_several_late_parts_each_waits_for_the_others_and_says_what_is_still_missing(hands: Hands) -> None:
    await told_partly(hands, 2)
    assert await hands.take(3, "bagian-3") is None
    assert (await hands.round(WITHIN))[1:] == [" [bagian 1 dari 3 tidak sampai]  [bagian 3 dari 3 menyusul] bagian-3"]
    text = await hands.take(1, "bagian-1")
    assert text is not None
    assert (text.message.content, text.continues) == (" [bagian 1 dari 3 menyusul] bagian-1", hands.key_of("m2"))


async def test_a_reference_that_is_used_again_after_a_text_that_stayed_partial_makes_another_text(hands: Hands) -> None:
    await told_partly(hands, 1)
    assert await hands.take(1, "x", message_id="n1") is None
    assert await hands.take(2, "y", message_id="n2") is None
    text = await hands.take(3, "z", message_id="n3")
    assert text is not None
    assert (text.message.content, text.continues) == ("xyz", None)
