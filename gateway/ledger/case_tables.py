"""The tables of what destinations say about cases: every event, and how each case is watched.

`case_events` is append-only. The text of an event is encrypted under the key of its report.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, or_

from gateway.ledger.registers import metadata, partial
from gateway.ledger.types import Id, Instant, JsonText, Serial, current_transaction

case_events = Table(
    "case_events",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("tx", BigInteger, nullable=False, server_default=current_transaction()),
    Column("id", Id, nullable=False, unique=True),
    Column("report_id", Id, nullable=False),
    Column("handoff_id", Id, nullable=False),
    Column("destination", String(64), nullable=False),
    Column("source", String(16), nullable=False),  # schemas.status.EventSource
    Column("event_key", String(255), nullable=False),  # the destination's, or made of what it said
    Column("kind", String(16), nullable=False),  # schemas.status.EventKind
    Column("sequence", BigInteger),  # the destination's own order
    Column("status_name", String(120)),  # as it came
    Column("status", String(40)),  # schemas.vocabulary.CaseStatus
    Column("sealed_text", LargeBinary),
    Column("happened_at", Instant),  # as the destination says
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("handoff_id", "event_key"),
    Index(None, "report_id"),
    Index(None, "tx", "seq"),
)

case_watch = Table(  # one row for each delivered handoff of a report
    "case_watch",
    metadata,
    Column("handoff_id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("destination", String(64), nullable=False),
    Column("delivered_at", Instant),  # NULL: the destination spoke before its receipt was recorded
    Column("status_name", String(120)),
    Column("status", String(40)),
    Column("status_at", Instant),  # when what set the status happened
    Column("status_sequence", BigInteger),
    Column("asked_at", Instant),  # the destination waits for the reporter since then
    Column("changed_at", Instant, nullable=False),  # when anything new was last heard
    Column("closed", Boolean, nullable=False),
    Column("next_poll_at", Instant),  # NULL: it is not asked about
    Column("polls", Integer, nullable=False),
    Column("failures", Integer, nullable=False),  # askings in a row that brought no answer
    Column("place", JsonText, nullable=False),  # what the adapter wanted remembered
    Column("reference", String(255)),  # the destination's own number, where it told one after its receipt
    Column("clocks_at", Instant),  # when its clocks are to be read again; NULL: nothing runs by itself
    Index(None, "report_id"),
)

partial(
    "ix_case_watch_due", case_watch.c.next_poll_at.is_not(None), case_watch.c.destination, case_watch.c.next_poll_at
)
partial("ix_case_watch_clocks", case_watch.c.clocks_at.is_not(None), case_watch.c.clocks_at)
partial("ix_case_watch_reference", case_watch.c.reference.is_not(None), case_watch.c.reference)

case_clocks = Table(  # the law's clocks of each case, as they stood when they were last read
    "case_clocks",
    metadata,
    Column("handoff_id", Id, primary_key=True),
    Column("kind", String(16), primary_key=True),  # gateway.clocks.ClockKind
    Column("report_id", Id, nullable=False),
    Column("destination", String(64), nullable=False),
    Column("days", Integer, nullable=False),  # working days
    Column("started_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("met_at", Instant),
    Column("state", String(16), nullable=False),  # gateway.clocks.ClockState
    Column("paused", Boolean, nullable=False),
    Column("shares", JsonText, nullable=False),  # party -> microseconds of working time; they sum to the whole
    Column("read_at", Instant, nullable=False),
    Index(None, "report_id"),
)

_ALARMING = or_(case_clocks.c.state == "approaching", case_clocks.c.state == "broken")
partial("ix_case_clocks_alarming", _ALARMING, case_clocks.c.state, case_clocks.c.deadline_at)
