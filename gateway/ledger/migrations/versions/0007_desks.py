"""Desks: the queue numbers of walk-in desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "desk_days",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "desk_entries",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.UniqueConstraint("report_id", name=op.f("uq_desk_entries_report_id")),
    )
