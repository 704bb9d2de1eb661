"""What speaks for a report: here, who tells of fraud and who sells it."""

from __future__ import annotations

from dataclasses import replace

from gateway.screen import vocabulary
from gateway.screen.reading import Reading
from gateway.screen.speaking import tells_of_fraud

QUIET = Reading((), (), frozenset(), 0, False, 0, False, False)
SELLING = frozenset(sorted(vocabulary.ADVERT - vocabulary.PROBLEM - vocabulary.ACTION)[:2])


def test_a_topic_of_fraud_among_words_of_selling_is_an_advert() -> None:
    assert tells_of_fraud(replace(QUIET, said=frozenset({"judol"}) | SELLING)) is None


def test_a_topic_of_fraud_alone_or_with_a_trouble_is_told() -> None:
    trouble = frozenset(sorted(vocabulary.PROBLEM)[:1])
    for said in (frozenset({"judol"}), frozenset({"judol"}) | SELLING | trouble):
        assert tells_of_fraud(replace(QUIET, said=said)) is not None
