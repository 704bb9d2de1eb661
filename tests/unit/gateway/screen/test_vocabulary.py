"""The words that screening knows."""

from __future__ import annotations

import pytest

from gateway.screen import emergencies, vocabulary
from gateway.wording import index_phrases, words
from tests.unit.gateway.screen.test_screen import names, verdict_on

GROUPS = {name: group for name, group in (vars(vocabulary) | vars(emergencies)).items() if name.isupper()}


@pytest.mark.parametrize("name", GROUPS)
def test_every_phrase_can_be_looked_for_as_it_stands(name: str) -> None:
    index_phrases(GROUPS[name])
    assert {phrase for phrase in GROUPS[name] if " ".join(words(phrase)) != phrase.removesuffix("*")} == set()


@pytest.mark.parametrize("name", ["COURTESY", "INTENT", "TEST", "TRYING", "TEST_COMPANY", "NO_MATTER"])
def test_groups_that_are_compared_word_by_word_hold_single_words(name: str) -> None:
    assert {phrase for phrase in GROUPS[name] if " " in phrase or "*" in phrase} == set()


@pytest.mark.parametrize("name", ["ADVERT", "CALL", "SCAM", "CHAIN", "IDLE"])
def test_no_sign_of_junk_is_a_public_problem_too(name: str) -> None:
    assert GROUPS[name] & (vocabulary.PROBLEM | emergencies.EMERGENCY) == set()


def test_an_answer_that_was_copied_is_no_chain_message() -> None:
    assert "chain_message" not in names(verdict_on("jawabannya cuma copas"))
    assert "chain_message" in names(verdict_on("copas dari dokter: minum air hangat"))
