"""Whatever befalls a report's handoffs, in any order: nothing doubles unseen, nothing overtakes, the books balance.

Short form in every run; SP4N_TEST_LONG=1 tells 5,000 stories of each kind of destination.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.ledger.actions import list_actions
from gateway.ledger.books import balance
from gateway.ledger.claims import release
from gateway.ledger.destinations import pause, resume
from gateway.ledger.intake import add_messages
from gateway.ledger.own_reports import Withdrawal, withdraw
from gateway.ledger.recovering import bring_forward
from gateway.ledger.repairs import cancel, redrive, resolve
from gateway.ledger.timers import park_uncertain, set_aside_overdue
from gateway.ledger.values import EndedAs, FileRow, HandoffRow, NewMessage
from gateway.recording import result_of
from schemas.errors import NotFound
from schemas.handoff import Evidence, HandoffState, Outcome, OutcomeKind, Repeat, ResultSource
from tests.unit.gateway.story import PLACE, START, Call, World

LONG = os.environ.get("SP4N_TEST_LONG") == "1"
FATES = st.sampled_from(["delivered", "deferred", "refused", "answer lost", "call lost"])
ENDED = (HandoffState.DELIVERED, HandoffState.CANCELLED)
UNCERTAIN, PARKED, PENDING = HandoffState.UNCERTAIN, HandoffState.PARKED, HandoffState.PENDING


class Handoffs(RuleBasedStateMachine):
    """The model: how often each handoff was released to be sent again, and what has ended for good."""

    world: World
    released: Counter[UUID]
    ended: dict[UUID, HandoffState]
    unknowable: set[UUID]
    messages: int
    taken_back: bool
    saved: tuple[dict[UUID, HandoffState], int, bool]

    @initialize(repeat=st.sampled_from([Repeat.DEDUPES, Repeat.LOOKUP, Repeat.NEITHER]))
    def begin(self, repeat: Repeat) -> None:
        self.world = World(repeat)
        self.released, self.ended, self.unknowable, self.messages = Counter(), {}, set(), 1
        self.taken_back, self.saved = False, ({}, 1, False)

    def those(self, *states: HandoffState, held: bool = False) -> list[HandoffRow]:
        return [row for row in self.world.rows() if row.state in states and (row.owner is not None) is held]

    # ------------------------------------------------------------------------------------------- what the gateway does

    @rule()
    def time_passes(self) -> None:
        self.world.pass_time()

    @precondition(lambda self: self.messages < 5)
    @rule(photo=st.booleans())
    def a_later_message_comes(self, photo: bool) -> None:
        message = self.world.a_message()
        files = (FileRow(self.world.new_id(), self.world.report_id, 0),) if photo else ()
        try:
            add_messages(self.world.conn, [NewMessage(message, self.world.now, files)])
        except NotFound:  # the report itself is cancelled: intake makes a report of its own of the message
            assert self.world.rows()[0].state is HandoffState.CANCELLED
            return
        self.messages += 1

    @precondition(lambda self: not self.taken_back)
    @rule()
    def the_report_is_taken_back(self) -> None:
        withdraw(self.world.conn, Withdrawal(self.world.a_message(), None, ()))
        self.messages, self.taken_back = self.messages + 1, True

    @rule(fate=FATES)
    def a_worker_claims_and_calls(self, fate: str) -> None:
        for row in self.world.claim():
            self._must_be_first(row)
            self.world.begin(row, fate)

    @rule()
    def a_worker_claims_and_gives_back(self) -> None:
        for row in self.world.claim():
            assert release(self.world.conn, [row.id], self.world.worker, None) == 1

    @rule()
    def the_answers_come(self) -> None:
        for call in list(self.world.under_way.values()):
            assert self.world.end(call) is EndedAs.APPLIED
        self.world.under_way.clear()

    @rule()
    def the_destination_is_back_after_a_time(self) -> None:
        """What failed before is due again; that changes nothing but when."""
        before = [replace(row, due_at=None, clock_from=START) for row in self.world.rows()]
        reasons = {row.reason for row in self.those(PENDING) if row.reason}
        bring_forward(self.world.conn, PLACE, reasons, self.world.now, self.world.now, 10)
        assert [replace(row, due_at=None, clock_from=START) for row in self.world.rows()] == before

    @rule()
    def the_worker_dies(self) -> None:
        self.world.die()

    @rule()
    def what_it_left_is_taken_up(self) -> None:
        self.world.take_up()

    @precondition(lambda self: self.world.unheard)
    @rule(which=st.integers(0, 9))
    def a_dead_workers_answer_comes_late(self, which: int) -> None:
        unheard = self.world.unheard
        assert self.world.end(unheard.pop(which % len(unheard))) is not EndedAs.APPLIED

    @rule()
    def the_ledger_is_backed_up(self) -> None:
        self.world.save()
        self.saved = dict(self.ended), self.messages, self.taken_back

    @rule()
    def the_ledger_is_lost_and_put_back(self) -> None:
        """What was doubled before, after a release that is forgotten now, nobody can know any more."""
        self.unknowable |= {identity for identity, taken in self.world.taken.items() if taken > 1}
        self.world.put_back()
        ended, self.messages, self.taken_back = self.saved
        self.ended = dict(ended)

    # ------------------------------------------------------------------------------------- what people and rules decide

    @rule()
    def parked_ones_are_redriven(self) -> None:
        wanted = [row.id for row in self.those(PARKED)]
        assert redrive(self.world.conn, wanted, "ani", self.world.now) == len(wanted)

    @rule(actor=st.sampled_from(["ani", "rule:uncertain"]))
    def an_uncertain_one_is_released(self, actor: str) -> None:
        for row in self.those(UNCERTAIN)[:1]:
            assert resolve(self.world.conn, row.id, arrived=False, actor=actor, now=self.world.now)
            self.released[row.id] += 1

    @rule()
    def an_uncertain_one_is_parked(self) -> None:
        for row in self.those(UNCERTAIN)[:1]:
            assert park_uncertain(self.world.conn, row.id, "rule:uncertain", self.world.now)
            self.released[row.id] += 1

    @rule()
    def a_person_finds_that_it_arrived(self) -> None:
        for row in self.those(UNCERTAIN)[:1]:
            if self.world.taken[row.id] and row.tries:
                self._confirm(row)

    @rule()
    def a_deadline_passes(self) -> None:
        set_aside_overdue(self.world.conn, PLACE, self.world.now, self.world.now, 100)

    @rule()
    def one_is_cancelled(self) -> None:
        for row in self.those(PARKED)[:1]:
            cancel(self.world.conn, [row.id], "ani", "ganda", self.world.now)

    @rule()
    def the_destination_is_paused(self) -> None:
        pause(self.world.conn, PLACE, "ani", "pemeliharaan", self.world.now)
        assert self.world.claim() == []

    @rule()
    def the_destination_is_resumed(self) -> None:
        resume(self.world.conn, PLACE, "ani", self.world.now)

    # ---------------------------------------------------------------------------------------------- what always holds

    @invariant()
    def the_books_balance(self) -> None:
        assert [row for row in balance(self.world.conn) if row.difference] == []

    @invariant()
    def what_has_ended_stays_so(self) -> None:
        for row in self.world.rows():
            assert self.ended.get(row.id, row.state) is row.state
            if row.state in ENDED:
                self.ended[row.id] = row.state

    @invariant()
    def nothing_doubles_unless_it_was_released_and_the_evidence_says_so(self) -> None:
        for row in self.world.rows():
            taken = self.world.taken[row.id]
            assert taken <= 1 + self.released[row.id]
            if row.state is HandoffState.DELIVERED:
                assert taken >= 1
                assert taken == 1 or row.evidence is Evidence.DUPLICATE_SUSPECTED or row.id in self.unknowable

    @invariant()
    def every_state_is_explained(self) -> None:
        for row in self.world.rows():
            assert row.tries <= self.world.attempts_of(row.id)
            if row.state is not PENDING and not row.tries and row.reason != "withdrawn":
                assert list_actions(self.world.conn, subject=str(row.id)) != []

    @invariant()
    def later_messages_never_overtake(self) -> None:
        place = {row.id: number for number, row in enumerate(self.world.rows())}
        first_taken = [place[identity] for identity in self.world.order]
        assert first_taken == sorted(first_taken)

    def _must_be_first(self, row: HandoffRow) -> None:
        """An attempt begins only when all before it have ended."""
        for earlier in self.world.rows():
            if earlier.id == row.id:
                return
            assert earlier.state in ENDED

    def _confirm(self, row: HandoffRow) -> None:
        call = next(one for one in self._calls() if one.before.id == row.id)
        outcome = Outcome(kind=OutcomeKind.DELIVERED, reason="confirmed_by_operator")
        result = result_of(call.begin.id, ResultSource.OPERATOR, self.world.now, outcome)
        now = self.world.now
        assert resolve(self.world.conn, row.id, arrived=True, actor="ani", now=now, reference="F-1", result=result)

    def _calls(self) -> list[Call]:
        return self.world.calls[::-1]

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.conn.close()


def _stories() -> Any:
    case = Handoffs.TestCase
    case.settings = settings(
        max_examples=5000 if LONG else 25,
        stateful_step_count=50 if LONG else 25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return case


TestStories = pytest.mark.many_rounds(pytest.mark.timeout(6 * 3600 if LONG else 120)(_stories()))


def test_a_late_answer_to_the_first_sending_does_not_hide_the_second() -> None:
    world = World(Repeat.NEITHER)
    [row] = world.claim()
    world.begin(row, "delivered")
    world.die()
    world.take_up()
    assert resolve(world.conn, row.id, arrived=False, actor="ani", now=world.now)
    [again] = world.claim()
    world.end(world.begin(again, "answer lost"))

    assert world.end(world.unheard.pop()) is EndedAs.LATE_APPLIED

    [row] = world.rows()
    assert world.taken[row.id] == 2
    assert (row.state, row.evidence) == (HandoffState.DELIVERED, Evidence.DUPLICATE_SUSPECTED)


def test_a_late_answer_before_it_was_sent_again_is_as_good_as_any() -> None:
    world = World(Repeat.NEITHER)
    [row] = world.claim()
    world.begin(row, "delivered")
    world.die()
    world.take_up()
    assert resolve(world.conn, row.id, arrived=False, actor="ani", now=world.now)

    assert world.end(world.unheard.pop()) is EndedAs.LATE_APPLIED

    [row] = world.rows()
    assert (row.state, row.evidence) == (HandoffState.DELIVERED, Evidence.REFERENCED)
