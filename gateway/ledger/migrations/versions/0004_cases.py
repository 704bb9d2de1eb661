"""What destinations say about cases, and how each case is watched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant, JsonText, Serial, current_transaction

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables, and tell which delivered handoffs are not watched yet."""
    _events()
    _watch()
    op.add_column("handoffs", sa.Column("watched_at", Instant))
    _partial("ix_handoffs_unwatched", "handoffs", ["id"], _UNWATCHED)


_UNWATCHED = "state = 'delivered' AND kind = 'report' AND watched_at IS NULL"


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _events() -> None:
    op.create_table(
        "case_events",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("tx", sa.BigInteger, nullable=False, server_default=current_transaction()),
        sa.Column("id", Id, nullable=False),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("handoff_id", Id, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("event_key", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("status_name", sa.String(120)),
        sa.Column("status", sa.String(40)),
        sa.Column("sealed_text", sa.LargeBinary),
        sa.Column("happened_at", Instant),
        sa.Column("received_at", Instant, nullable=False),
        sa.UniqueConstraint("id", name=op.f("uq_case_events_id")),
        sa.UniqueConstraint("handoff_id", "event_key", name=op.f("uq_case_events_handoff_id_event_key")),
    )
    op.create_index(op.f("ix_case_events_report_id"), "case_events", ["report_id"])
    op.create_index(op.f("ix_case_events_tx_seq"), "case_events", ["tx", "seq"])


def _watch() -> None:
    op.create_table(
        "case_watch",
        sa.Column("handoff_id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("delivered_at", Instant),
        sa.Column("status_name", sa.String(120)),
        sa.Column("status", sa.String(40)),
        sa.Column("status_at", Instant),
        sa.Column("status_sequence", sa.BigInteger),
        sa.Column("asked_at", Instant),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("next_poll_at", Instant),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("place", JsonText, nullable=False),
    )
    op.create_index(op.f("ix_case_watch_report_id"), "case_watch", ["report_id"])
    _partial("ix_case_watch_due", "case_watch", ["destination", "next_poll_at"], "next_poll_at IS NOT NULL")
