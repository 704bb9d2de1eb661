"""What ministries and channel services may say of a case, and what says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.callback import StatusUpdate
from schemas.later import LaterKind, LaterMessage


@pytest.mark.parametrize(
    "said", [{"status": "Selesai"}, {"text": "x"}, {"not_ours": True}, {"text": "Di mana?", "question": True}]
)
def test_an_update_says_at_least_one_thing(said: dict[str, Any]) -> None:
    assert StatusUpdate.model_validate(said)


@pytest.mark.parametrize("said", [{}, {"text": " "}, {"status": "Selesai", "question": True}, {"sequence": -1}])
def test_an_update_that_says_nothing_is_none(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StatusUpdate.model_validate(said)


@pytest.mark.parametrize("kind", [LaterKind.WITHDRAWAL, LaterKind.NOT_SOLVED])
def test_a_withdrawal_needs_no_words(kind: LaterKind) -> None:
    assert LaterMessage(message_id="1", kind=kind).text == ""


@pytest.mark.parametrize(
    "said", [{}, {"text": " "}, {"kind": "rating"}, {"kind": "rating", "rating": 0}, {"text": "x", "rating": 3}]
)
def test_a_message_needs_words_or_files_and_a_rating_its_number(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LaterMessage.model_validate({"message_id": "1", **said})
