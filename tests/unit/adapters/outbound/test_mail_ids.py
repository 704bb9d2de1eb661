"""How a mail names its handoff, and how that is found again."""

from __future__ import annotations

import pytest

from adapters.outbound.mail_ids import (
    handoff_answered,
    handoff_of_return_path,
    handoffs_in,
    message_id,
    return_path,
)
from tests.fakes.cases import ADDITION_ID, HANDOFF_ID

FIRST, SECOND = message_id(HANDOFF_ID, "gateway.example"), message_id(ADDITION_ID, "gateway.example")


def test_the_handoffs_of_a_thread_are_found_in_order_and_once() -> None:
    assert handoffs_in(f"<x@y> {FIRST}\r\n {SECOND} {FIRST} <{HANDOFF_ID}>") == [HANDOFF_ID, ADDITION_ID]


def test_an_answer_is_to_what_it_replies_to_or_else_to_the_last_of_its_thread() -> None:
    assert handoff_answered(f"{FIRST} {SECOND}", FIRST) == HANDOFF_ID
    assert handoff_answered(f"{FIRST} {SECOND} <x@y>") == ADDITION_ID
    assert handoff_answered("<x@y>", "<z@y>") is None


def test_a_return_path_carries_its_handoff() -> None:
    path = return_path(HANDOFF_ID, "bounces@gateway.example")
    assert path == f"bounces+{HANDOFF_ID.hex}@gateway.example"
    assert handoff_of_return_path(f"<{path.upper()}>") == HANDOFF_ID


@pytest.mark.parametrize("path", ["bounces@gateway.example", f"bounces+{'0' * 32}@gateway.example", ""])
def test_another_return_path_carries_none(path: str) -> None:
    assert handoff_of_return_path(path) is None
