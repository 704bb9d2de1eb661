"""What counts as delivered must follow from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from uuid import UUID

import pytest

from gateway.evidence_handoffs import check_handoffs
from gateway.findings import Finding, Findings, Problem, Subject
from gateway.stored import AttemptFacts, Bearing, HandoffFacts, Journal, ResultFacts

BEARING = Bearing(UUID(int=9), "sp4n")
DELIVERED = ResultFacts("reply", "delivered", "8123456")
NO_NUMBER = ResultFacts("reply", "delivered", None)
CONFIRMED = ResultFacts("operator", "delivered", None)
DEFERRED = ResultFacts("reply", "deferred", None)
LATE = ResultFacts("late", "delivered", "8123499")


def handoff(*results: tuple[ResultFacts, ...], state: str = "delivered", **given: object) -> HandoffFacts:
    """A handoff with an attempt for each of these groups of results."""
    attempts = tuple(AttemptFacts(UUID(int=at), at, BEARING, of_it) for at, of_it in enumerate(results, start=1))
    evidence = "referenced" if state == "delivered" else None
    reference = "8123456" if state == "delivered" else None
    return replace(HandoffFacts(UUID(int=7), BEARING, state, False, evidence, reference, attempts), **given)  # type: ignore[arg-type]


class Given:
    """The handoffs of a journal, and nothing else of it."""

    def __init__(self, *handoffs: HandoffFacts, error: Exception | None = None) -> None:
        self._handoffs = handoffs
        self._error = error

    def handoffs(self) -> Iterator[HandoffFacts]:
        yield from self._handoffs
        if self._error:
            raise self._error


def checked(*handoffs: HandoffFacts, error: Exception | None = None) -> list[Finding]:
    findings = Findings()
    assert check_handoffs(cast("Journal", Given(*handoffs, error=error)), findings) == len(handoffs)
    return findings.kept


@pytest.mark.parametrize(
    "explained",
    [
        handoff((DEFERRED,), (DELIVERED,)),
        handoff((DEFERRED,), (CONFIRMED,), evidence="confirmed", reference=None),
        handoff((DELIVERED,), (LATE,), reference="8123499"),
        handoff((NO_NUMBER,), evidence="acknowledged", reference=None),
        handoff(state="pending"),
        handoff((DEFERRED,), (), state="pending", in_hand=True),
        handoff((DEFERRED,), state="parked"),
        handoff((DELIVERED,), state="cancelled"),
        handoff((DELIVERED,), (DEFERRED,), state="uncertain", reference="8123456"),
    ],
)
def test_a_handoff_that_its_records_explain_is_fine(explained: HandoffFacts) -> None:
    assert checked(explained) == []


@pytest.mark.parametrize(
    ("unexplained", "said"),
    [
        (handoff((DEFERRED,), reference=None), "counts as delivered, but no recorded result says so"),
        (handoff(reference=None), "counts as delivered, but no recorded result says so"),
        (
            handoff((DELIVERED,), evidence="confirmed"),
            "counts as confirmed by a person, but no recorded result says so",
        ),
        (handoff((DELIVERED,), reference="1"), "has the reference 1, which no recorded receipt gives"),
        (handoff((DEFERRED,), state="pending", reference="1"), "has the reference 1, which no recorded receipt gives"),
        (handoff((DELIVERED,), reference=None), "has no reference, but a recorded receipt gives 8123456"),
    ],
)
def test_a_handoff_that_says_more_or_less_than_its_records_is_found(unexplained: HandoffFacts, said: str) -> None:
    assert [finding.sentence for finding in checked(unexplained)] == [
        f"Handoff {UUID(int=7)} of report {UUID(int=9)} to sp4n {said}."
    ]


@pytest.mark.parametrize(
    "left_open",
    [
        handoff((), state="pending"),
        handoff((), state="uncertain"),
        handoff((), state="parked", in_hand=True),
        handoff((), (DEFERRED,), state="pending", in_hand=True),
        handoff((), (), state="pending", in_hand=True),
    ],
)
def test_only_the_last_attempt_of_a_handoff_in_hand_may_be_without_result(left_open: HandoffFacts) -> None:
    assert [(finding.problem, finding.attempt_id) for finding in checked(left_open)] == [
        (Problem.UNEXPLAINED, UUID(int=1))
    ]


def under(channel: str | None) -> HandoffFacts:
    """A handoff whose attempt is noted under this channel, while its report's is wa."""
    whole = handoff((DELIVERED,), channel="wa")
    return replace(whole, attempts=tuple(replace(each, channel=channel) for each in whole.attempts))


@pytest.mark.parametrize("channel", ["wa", None])
def test_an_attempt_has_the_channel_of_its_report_or_none_yet(channel: str | None) -> None:
    assert checked(under(channel)) == []


@pytest.mark.parametrize(
    "wrong", [under("sms"), replace(under("wa"), channel="sms"), replace(under("wa"), channel=None)]
)
def test_an_attempt_with_another_channel_than_its_report_is_found(wrong: HandoffFacts) -> None:
    findings = checked(wrong)
    assert [(each.problem, each.subject, each.attempt_id, each.report_id, each.destination) for each in findings] == [
        (Problem.ALTERED, Subject.ATTEMPT, UUID(int=1), UUID(int=9), "sp4n")
    ]


@pytest.mark.parametrize("bearing", [Bearing(UUID(int=8), "sp4n"), Bearing(UUID(int=9), "dinas-pu")])
def test_a_handoff_that_was_given_another_report_or_destination_is_found(bearing: Bearing) -> None:
    findings = checked(handoff((DELIVERED,), bearing=bearing))
    assert [(finding.problem, finding.attempt_id) for finding in findings] == [(Problem.ALTERED, UUID(int=1))]


def test_a_damaged_handoff_is_told_after_those_that_could_be_read() -> None:
    findings = checked(handoff((DELIVERED,)), error=ValueError("badly formed hexadecimal UUID string"))
    assert [finding.sentence for finding in findings] == [
        "Handoffs after the first 1 cannot be read, one of them or of their attempts is damaged: "
        "badly formed hexadecimal UUID string."
    ]


def test_a_delivery_that_came_back_no_longer_explains_itself() -> None:
    bounced = ResultFacts("bounce", "refused", None)
    [finding] = checked(handoff((DELIVERED, bounced)))
    assert finding.problem is Problem.UNEXPLAINED
    assert "recorded to have come back" in finding.sentence
