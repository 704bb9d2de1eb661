"""The tables of what ties reports to each other, and of agencies that do not take them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, literal_column

from gateway.ledger.registers import metadata, partial
from gateway.ledger.types import Id, Instant

sketches = Table(  # by what a report is found again as the same event; gone with the report's key
    "sketches",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # keyed hash of two places that it names, or of its position
    Column("report_id", Id, primary_key=True),
    Column("sender", LargeBinary(16), nullable=False),  # keyed hash of who told it
    Column("sketch", LargeBinary, nullable=False),  # keyed hashes of what it names: `gateway.likeness.Sketch`
    Index(None, "report_id"),
)

report_links = Table(
    "report_links",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("lead_id", Id, nullable=False),
    Column("kind", String(16), nullable=False),  # schemas.handoff.LinkKind
    Column("linked_at", Instant, nullable=False),
    Column("linked_by", String(64), nullable=False),
    Column("unlinked_at", Instant),
    Column("due_at", Instant),  # something is to be passed on or told
    Column("passed", Integer, nullable=False),  # messages that were looked at, and passed on where they tell anything
    Column("told_at", Instant),  # up to when the reporter knows how the lead stands
    Index(None, "lead_id"),
)
partial("ix_report_links_due", report_links.c.due_at.is_not(None), report_links.c.due_at)

not_ours = Table(
    "not_ours",
    metadata,
    Column("event_id", Id, primary_key=True),  # by which the destination said so
    Column("report_id", Id, nullable=False),
    Column("handoff_id", Id, nullable=False),
    Column("destination", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(16)),  # sent, asked, closed; none: nothing was done yet
    Column("settled_at", Instant),
    Index(None, "report_id"),
)
partial("ix_not_ours_unsettled", not_ours.c.outcome.is_(None), not_ours.c.at)
partial("ix_not_ours_asked", not_ours.c.outcome == literal_column("'asked'"), not_ours.c.at)
