"""A ledger in memory, a destination that may lose calls and answers, and workers that die: for stories of handoffs.

The ledger's own functions run on one connection of SQLite; what a worker would do between two of them is done here, so
that a story may stop anywhere. `taken` is what the destination really took: the truth that the ledger is held against.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from sqlalchemy import create_engine, func, insert, select

from adapters.contract import Case, Step
from gateway.casework import standing_of
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.claims import claim
from gateway.ledger.intake import keep_reports
from gateway.ledger.restoring import mark_restored
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import attempts, handoffs, log_head, metadata
from gateway.ledger.values import (
    Begin,
    End,
    EndedAs,
    HandoffRow,
    KeyRow,
    MessageRow,
    NewHandoff,
    NewReport,
    Orphan,
    ReportRow,
    WorkerRow,
)
from gateway.ledger.workers import fence, orphans, register
from gateway.lifecycle import LEDGER_RESTORED, Standing, Trial, after, is_past_recall
from gateway.line import recall, step_to_try
from gateway.recording import change_of, result_of
from gateway.retry import RetryPolicy
from schemas.handoff import Outcome, OutcomeKind, Receipt, Repeat, ResultSource
from schemas.ids import uuid7
from schemas.tracking import new_tracking_code
from tests.fakes.destination import FakeDestination

PLACE = "kemenkes"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
POLICY = RetryPolicy(quick=(1.0,), longest=60.0, horizon=3600.0, jitter=0.0)


@dataclass(slots=True)
class Call:
    """An attempt under way: what was known before it, and what its answer will say if anybody hears it."""

    begin: Begin
    before: HandoffRow
    step: Step
    is_lookup: bool
    outcome: Outcome
    standing: Standing


class World:
    """Everything of one story."""

    def __init__(self, repeat: Repeat) -> None:
        self.conn = create_engine("sqlite://").connect()
        metadata.create_all(self.conn)
        self.conn.execute(insert(log_head).values({each: b"" if each.name == "frontier" else 0 for each in log_head.c}))
        self.destination = FakeDestination(PLACE, repeat=repeat)
        self.now = START
        self.taken: Counter[UUID] = Counter()
        self.order: list[UUID] = []
        self.under_way: dict[UUID, Call] = {}
        self.unheard: list[Call] = []
        self.calls: list[Call] = []
        self._numbers = count()
        self.report_id = self.new_id()
        self.worker = self._hire()
        self._keep()
        self.save()

    def new_id(self) -> UUID:
        """An id that sorts after all before it."""
        return uuid7(self.now, next(self._numbers).to_bytes(10, "big"))

    def pass_time(self, seconds: float = 300.0) -> datetime:
        """Time goes on."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def a_message(self) -> MessageRow:
        """A message of the report that is new."""
        key = hashlib.sha256(str(next(self._numbers)).encode()).digest()[:16]
        return MessageRow(self.new_id(), self.report_id, "web", key, key, self.now, b"sealed", b"raw")

    def rows(self) -> list[HandoffRow]:
        """The handoffs in the order in which their messages came."""
        query = select(*HANDOFF.columns).order_by(handoffs.c.first_sequence, handoffs.c.id)
        return [HANDOFF.value(row) for row in self.conn.execute(query)]

    def attempts_of(self, handoff_id: UUID) -> int:
        """How many attempts are on record."""
        query = select(func.count()).select_from(attempts).where(attempts.c.handoff_id == handoff_id)
        return int(self.conn.execute(query).scalar_one())

    def claim(self) -> list[HandoffRow]:
        """The living worker claims whatever it may."""
        ids = [row.id for row in self.rows()]
        return [one.handoff for one in claim(self.conn, ids, self.worker, self.now)]

    def begin(self, row: HandoffRow, fate: str) -> Call:
        """Record an attempt and make the call. `fate` says what becomes of it, there and on the way back."""
        case = cast(Case, SimpleNamespace(progress=row.progress))
        standing = recall(self.destination, case, standing_of(row))
        step, is_lookup = step_to_try(self.destination, case, standing)
        assert step is not None
        begin = Begin(
            self.new_id(),
            row.id,
            row.report_id,
            PLACE,
            step.name,
            row.tries + 1,
            self.now,
            self.worker,
            b"r" * 32,
            b"l",
        )
        assert begin_attempts(self.conn, [begin]) == [True]
        if is_past_recall(standing, step):
            outcome = Outcome(kind=OutcomeKind.UNCERTAIN, reason=LEDGER_RESTORED)
        else:
            outcome = self._meet(row, fate, is_lookup=is_lookup)
        call = Call(begin, row, step, is_lookup, outcome, standing)
        self.under_way[row.id] = call
        self.calls.append(call)
        return call

    def end(self, call: Call) -> EndedAs:
        """The worker that made the call records its answer, be it taken for dead meanwhile or not."""
        standing = after(call.standing, self._trial(call.step, call.outcome, call.is_lookup), POLICY, _no)
        reply = result_of(call.begin.id, ResultSource.REPLY, self.now, call.outcome)
        late = result_of(call.begin.id, ResultSource.LATE, self.now, call.outcome)
        end = End(call.before.id, call.begin.worker, call.begin.step, reply, change_of(standing), late.leaf)
        [ended] = end_attempts(self.conn, [end])
        return ended

    def die(self) -> None:
        """The worker is taken for dead; what it had under way is unheard. Another comes in its place."""
        fence(self.conn, self.worker, self.now)
        self.unheard += self.under_way.values()
        self.under_way.clear()
        self.worker = self._hire()

    def save(self) -> None:
        """Back the ledger up."""
        self.conn.commit()
        self._saved = sqlite3.connect(":memory:")
        self._raw.backup(self._saved)

    def put_back(self) -> None:
        """The ledger is lost and comes back from its backup. What the destination took, it has."""
        self.conn.commit()
        self._saved.backup(self._raw)
        self.under_way.clear()
        self.unheard.clear()
        mark_restored(self.conn, "ani", self.now)
        known = {row.id for row in self.rows()}
        self.order = [identity for identity in self.order if identity in known]
        self.worker = self._hire()

    @property
    def _raw(self) -> sqlite3.Connection:
        return cast(sqlite3.Connection, self.conn.connection.driver_connection)

    def take_up(self) -> list[Orphan]:
        """The living worker takes up what a dead one left, as gateway.taking_up does."""
        found = orphans(self.conn)
        for orphan in found:
            if orphan.attempt is not None:
                self._settle(orphan, orphan.attempt)
        return found

    def _settle(self, orphan: Orphan, attempt: Begin) -> None:
        row = orphan.claimed.handoff
        case = cast(Case, SimpleNamespace(progress=row.progress))
        step, is_lookup = step_to_try(self.destination, case, standing_of(row))
        assert step is not None
        outcome = Outcome(kind=OutcomeKind.UNCERTAIN, reason="worker_died")
        standing = after(standing_of(row), self._trial(step, outcome, is_lookup), POLICY, _no)
        result = result_of(attempt.id, ResultSource.REAPER, self.now, outcome)
        end = End(row.id, attempt.worker, attempt.step, result, change_of(standing), result.leaf)
        assert end_attempts(self.conn, [end]) == [EndedAs.APPLIED]

    def _meet(self, row: HandoffRow, fate: str, *, is_lookup: bool) -> Outcome:
        """What really happens at the destination, and what will be heard of it."""
        if fate in ("deferred", "refused") and not is_lookup:
            return Outcome(kind=OutcomeKind(fate), reason="http_422")
        if is_lookup and fate in ("delivered", "refused"):
            return _found(self.now) if self.taken[row.id] else Outcome(kind=OutcomeKind.REFUSED, reason="not_found")
        if is_lookup:
            return Outcome(kind=OutcomeKind.UNCERTAIN, reason="read_timeout")
        if fate in ("delivered", "answer lost"):
            self._take(row.id)
        return _found(self.now) if fate == "delivered" else Outcome(kind=OutcomeKind.UNCERTAIN, reason="read_timeout")

    def _take(self, handoff_id: UUID) -> None:
        if self.destination.repeat is not Repeat.DEDUPES or not self.taken[handoff_id]:
            self.taken[handoff_id] += 1
        if handoff_id not in self.order:
            self.order.append(handoff_id)

    def _trial(self, step: Step, outcome: Outcome, is_lookup: bool) -> Trial:
        last = outcome.kind is OutcomeKind.DELIVERED
        return Trial(step, outcome, self.now, last=last, is_lookup=is_lookup, lookup_delay=0.0)

    def _hire(self) -> UUID:
        row = WorkerRow(self.new_id(), "node-1 boot-1", 4711, self.now)
        register(self.conn, row)
        return row.id

    def _keep(self) -> None:
        message = self.a_message()
        report = ReportRow(
            id=self.report_id,
            tracking_code=new_tracking_code(),
            channel="web",
            received_at=self.now,
            last_message_at=self.now,
            classification="aspirasi",
            verdict="accept",
            decision={},
            sealed_report=b"sealed",
        )
        handoff = NewHandoff(self.new_id(), PLACE, self.now, self.now)
        keep_reports(self.conn, [NewReport(KeyRow(self.report_id, b"key", "m1"), report, message, handoffs=(handoff,))])


def _found(at: datetime) -> Outcome:
    receipt = Receipt(reference="F-1", received_at=at)
    return Outcome(kind=OutcomeKind.DELIVERED, reason="http_201", yields={"reference": "F-1"}, receipt=receipt)


def _no() -> float:
    return 0.0
