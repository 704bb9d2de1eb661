"""What becomes of a handoff after an attempt, outcome by outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Step
from gateway.lifecycle import (
    LEDGER_RESTORED,
    NOT_FOUND,
    Standing,
    Trial,
    after,
    is_past_recall,
    nothing_left,
    put_off,
    recalled,
    waited,
)
from gateway.retry import RetryPolicy
from schemas.handoff import Evidence, HandoffState, Outcome, OutcomeKind, ParkStage, Receipt, Repeat

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
POLICY = RetryPolicy(quick=(5.0,), longest=60.0, horizon=3600.0, jitter=0.0)
FRESH = Standing(HandoffState.PENDING, {}, clock_from=NOW)


def chance() -> float:
    return 0.0


def outcome(kind: OutcomeKind, reason: str = "why", **more: object) -> Outcome:
    return Outcome(kind=kind, reason=reason, **more)  # type: ignore[arg-type]


def trial(result: Outcome, repeat: Repeat = Repeat.NEITHER, *, last: bool = True, is_lookup: bool = False) -> Trial:
    return Trial(Step("complaint", repeat), result, NOW, last=last, is_lookup=is_lookup, lookup_delay=20.0)


def receipt(reference: str | None) -> Receipt:
    return Receipt(reference=reference, received_at=NOW)


def test_the_last_step_delivers_with_the_reference_as_evidence() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.DELIVERED, receipt=receipt("123"))), POLICY, chance)
    assert (ended.state, ended.evidence, ended.reference) == (HandoffState.DELIVERED, Evidence.REFERENCED, "123")
    assert (ended.due_at, ended.goes_on, ended.tries) == (None, False, 1)


def test_without_a_reference_it_is_only_acknowledged() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.DELIVERED)), POLICY, chance)
    assert ended.evidence is Evidence.ACKNOWLEDGED


def test_a_step_that_is_not_the_last_goes_on_at_once_and_remembers_what_it_yielded() -> None:
    done = outcome(OutcomeKind.DELIVERED, yields={"id": 7}, receipt=receipt("7"))
    ended = after(replace(FRESH, step_tries=4), trial(done, last=False), POLICY, chance)
    assert ended.state is HandoffState.PENDING
    assert ended.goes_on
    assert ended.progress == {"complaint": {"id": 7}}
    assert (ended.reference, ended.step_tries, ended.evidence) == ("7", 0, None)


def test_a_deferred_step_waits_as_the_policy_says() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.DEFERRED, "http_503")), POLICY, chance)
    assert (ended.state, ended.due_at, ended.reason) == (HandoffState.PENDING, NOW + timedelta(seconds=5), "http_503")


def test_retry_after_is_honoured() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.DEFERRED, retry_after=300.0)), POLICY, chance)
    assert ended.due_at == NOW + timedelta(seconds=300)


def test_a_word_that_is_only_awaited_is_looked_for_at_an_even_pace_and_uses_up_no_try() -> None:
    waiting = replace(FRESH, step_tries=2, tries=2)
    ended = after(waiting, trial(outcome(OutcomeKind.DEFERRED, "awaiting_ack", look_again=300.0)), POLICY, chance)
    assert (ended.state, ended.due_at) == (HandoffState.PENDING, NOW + timedelta(seconds=300))
    assert (ended.tries, ended.step_tries, ended.reason) == (3, 2, "awaiting_ack")


def test_a_word_that_never_comes_is_awaited_no_longer_than_the_horizon() -> None:
    old = replace(FRESH, clock_from=NOW - timedelta(hours=2))
    ended = after(old, trial(outcome(OutcomeKind.DEFERRED, look_again=300.0)), POLICY, chance)
    assert (ended.state, ended.reason) == (HandoffState.PARKED, "horizon_reached")


def test_at_the_horizon_it_is_parked() -> None:
    old = replace(FRESH, clock_from=NOW - timedelta(hours=2))
    ended = after(old, trial(outcome(OutcomeKind.DEFERRED, "connect_refused")), POLICY, chance)
    assert (ended.state, ended.stage, ended.reason) == (HandoffState.PARKED, ParkStage.DELIVER, "horizon_reached")


def test_at_the_horizon_what_may_have_arrived_is_uncertain_and_not_parked() -> None:
    old = replace(FRESH, clock_from=NOW - timedelta(hours=2), uncertain_step="complaint")
    ended = after(old, trial(outcome(OutcomeKind.DEFERRED), Repeat.DEDUPES), POLICY, chance)
    assert ended.state is HandoffState.UNCERTAIN


def test_a_refused_step_is_parked_with_its_reason() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.REFUSED, "http_422")), POLICY, chance)
    assert (ended.state, ended.stage, ended.reason) == (HandoffState.PARKED, ParkStage.DELIVER, "http_422")


def test_what_cannot_be_undone_is_never_sent_again_by_itself() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.UNCERTAIN), Repeat.NEITHER), POLICY, chance)
    assert (ended.state, ended.due_at, ended.uncertain_step) == (HandoffState.UNCERTAIN, None, "complaint")


@pytest.mark.parametrize(
    ("repeat", "remembered"), [(Repeat.HARMLESS, None), (Repeat.DEDUPES, "complaint")], ids=["harmless", "dedupes"]
)
def test_what_may_be_repeated_is_sent_again_after_a_wait(repeat: Repeat, remembered: str | None) -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.UNCERTAIN), repeat), POLICY, chance)
    assert (ended.state, ended.due_at) == (HandoffState.PENDING, NOW + timedelta(seconds=5))
    assert ended.uncertain_step == remembered


def test_what_can_be_looked_up_is_asked_about_not_before_the_delay() -> None:
    ended = after(FRESH, trial(outcome(OutcomeKind.UNCERTAIN), Repeat.LOOKUP), POLICY, chance)
    assert (ended.state, ended.uncertain_step) == (HandoffState.PENDING, "complaint")
    assert ended.due_at == NOW + timedelta(seconds=20)


ASKING = replace(FRESH, uncertain_step="complaint", tries=1, step_tries=1)


def look(result: Outcome, *, last: bool = True) -> Trial:
    return Trial(Step("complaint_lookup", Repeat.HARMLESS), result, NOW, last=last, is_lookup=True)


def test_a_look_up_that_finds_it_reconciles() -> None:
    found = outcome(OutcomeKind.DELIVERED, yields={"id": 9}, receipt=receipt("9"))
    ended = after(ASKING, look(found), POLICY, chance)
    assert (ended.state, ended.evidence) == (HandoffState.DELIVERED, Evidence.RECONCILED)
    assert (ended.progress, ended.uncertain_step) == ({"complaint": {"id": 9}}, None)


def test_a_step_reconciled_half_way_grades_the_whole() -> None:
    half = after(ASKING, look(outcome(OutcomeKind.DELIVERED), last=False), POLICY, chance)
    whole = after(half, trial(outcome(OutcomeKind.DELIVERED, receipt=receipt("1"))), POLICY, chance)
    assert whole.evidence is Evidence.RECONCILED


def test_a_look_up_that_finds_nothing_sends_again_at_once() -> None:
    ended = after(ASKING, look(outcome(OutcomeKind.REFUSED, NOT_FOUND)), POLICY, chance)
    assert (ended.state, ended.uncertain_step, ended.goes_on) == (HandoffState.PENDING, None, True)


def test_a_look_up_that_is_refused_leaves_it_to_a_person() -> None:
    ended = after(ASKING, look(outcome(OutcomeKind.REFUSED, "http_400")), POLICY, chance)
    assert ended.state is HandoffState.UNCERTAIN


@pytest.mark.parametrize("kind", [OutcomeKind.DEFERRED, OutcomeKind.UNCERTAIN])
def test_a_look_up_without_an_answer_is_asked_again_and_the_question_stays_open(kind: OutcomeKind) -> None:
    ended = after(ASKING, look(outcome(kind)), POLICY, chance)
    assert (ended.state, ended.uncertain_step) == (HandoffState.PENDING, "complaint")
    assert ended.due_at is not None


def test_a_released_step_that_is_then_delivered_may_be_there_twice() -> None:
    released = replace(FRESH, released=True)
    ended = after(released, trial(outcome(OutcomeKind.DELIVERED, receipt=receipt("5"))), POLICY, chance)
    assert ended.evidence is Evidence.DUPLICATE_SUSPECTED


def test_looking_up_and_sending_again_ends_at_the_horizon() -> None:
    old = replace(FRESH, clock_from=NOW - timedelta(hours=2))
    ended = after(old, trial(outcome(OutcomeKind.UNCERTAIN), Repeat.LOOKUP), POLICY, chance)
    assert ended.state is HandoffState.UNCERTAIN


@given(
    kind=st.sampled_from(OutcomeKind),
    repeat=st.sampled_from(Repeat),
    last=st.booleans(),
    is_lookup=st.booleans(),
    uncertain=st.none() | st.just("complaint"),
    age=st.integers(0, 7200),
    reason=st.sampled_from([NOT_FOUND, "http_500"]),
)
def test_every_outcome_leads_to_a_state_that_explains_itself(
    kind: OutcomeKind, repeat: Repeat, last: bool, is_lookup: bool, uncertain: str | None, age: int, reason: str
) -> None:
    standing = replace(FRESH, uncertain_step=uncertain, clock_from=NOW - timedelta(seconds=age))
    ended = after(standing, trial(outcome(kind, reason), repeat, last=last, is_lookup=is_lookup), POLICY, chance)
    assert ended.tries == 1
    assert (ended.due_at is not None) == (ended.state is HandoffState.PENDING)
    assert (ended.stage is not None) == (ended.state is HandoffState.PARKED)
    assert (ended.evidence is not None) or ended.state is not HandoffState.DELIVERED
    if ended.state is HandoffState.DELIVERED:
        assert kind is OutcomeKind.DELIVERED
    if kind is OutcomeKind.UNCERTAIN and repeat is Repeat.NEITHER and not is_lookup:
        assert ended.state is HandoffState.UNCERTAIN


def test_when_no_step_is_left_it_is_delivered_with_the_proof_that_there_is() -> None:
    assert nothing_left(replace(FRESH, reference="7")).evidence is Evidence.REFERENCED
    assert nothing_left(FRESH).evidence is Evidence.ACKNOWLEDGED
    reconciled = nothing_left(replace(FRESH, reference="7", evidence=Evidence.RECONCILED, due_at=NOW))
    assert (reconciled.state, reconciled.evidence, reconciled.due_at) == (
        HandoffState.DELIVERED,
        Evidence.RECONCILED,
        None,
    )


def test_the_time_for_which_it_was_overdue_does_not_count_towards_the_horizon() -> None:
    late = NOW + timedelta(days=5)
    ended = after(waited(FRESH, NOW, late), replace(trial(outcome(OutcomeKind.DEFERRED)), at=late), POLICY, chance)
    assert (ended.state, ended.due_at) == (HandoffState.PENDING, late + timedelta(seconds=5))


def test_what_is_not_overdue_has_waited_by_itself() -> None:
    assert waited(FRESH, None, NOW) == FRESH
    assert waited(FRESH, NOW, NOW) == FRESH


def test_what_is_put_off_has_as_long_left_as_before() -> None:
    waiting = replace(FRESH, due_at=NOW + timedelta(seconds=5))
    opening = NOW + timedelta(hours=12)
    moved = put_off(waiting, opening)
    assert moved.due_at == opening
    assert opening - moved.clock_from == timedelta(seconds=5)
    assert put_off(waiting, NOW) == waiting


RESTORED = replace(FRESH, restored=True)


@pytest.mark.parametrize(("repeat", "doubted"), [(Repeat.DEDUPES, "complaint"), (Repeat.LOOKUP, "complaint")])
def test_what_a_restored_handoff_has_left_counts_as_sent_before(repeat: Repeat, doubted: str) -> None:
    assert recalled(RESTORED, Step("complaint", repeat)).uncertain_step == doubted
    assert recalled(FRESH, Step("complaint", repeat)) == FRESH
    asking = replace(RESTORED, uncertain_step="files")
    assert recalled(asking, Step("complaint", repeat)) == asking


@pytest.mark.parametrize("repeat", [Repeat.HARMLESS, Repeat.NEITHER])
def test_what_is_harmless_is_done_again_and_what_nobody_can_say_is_not(repeat: Repeat) -> None:
    assert recalled(RESTORED, Step("complaint", repeat)) == RESTORED
    assert is_past_recall(RESTORED, Step("complaint", repeat)) is (repeat is Repeat.NEITHER)
    assert not is_past_recall(FRESH, Step("complaint", repeat))


def test_the_doubt_goes_on_to_the_next_step_and_ends_with_a_clear_word() -> None:
    sent = trial(outcome(OutcomeKind.DELIVERED), Repeat.DEDUPES, last=False)
    assert after(RESTORED, sent, POLICY, chance).restored
    last = trial(outcome(OutcomeKind.DELIVERED), Repeat.DEDUPES)
    assert not after(RESTORED, last, POLICY, chance).restored
    absent = look(outcome(OutcomeKind.REFUSED, NOT_FOUND))
    assert not after(replace(RESTORED, uncertain_step="complaint"), absent, POLICY, chance).restored
    unknown = trial(outcome(OutcomeKind.UNCERTAIN, LEDGER_RESTORED), Repeat.NEITHER)
    ended = after(RESTORED, unknown, POLICY, chance)
    assert (ended.state, ended.restored) == (HandoffState.UNCERTAIN, True)
