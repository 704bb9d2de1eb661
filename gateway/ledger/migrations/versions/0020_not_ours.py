"""Cases that an agency does not take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what agencies refused before stays as it is."""
    op.create_table(
        "not_ours",
        sa.Column("event_id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("handoff_id", Id, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("settled_at", Instant),
    )
    op.create_index("ix_not_ours_report_id", "not_ours", ["report_id"])
    for name, condition in (("unsettled", "outcome IS NULL"), ("asked", "outcome = 'asked'")):
        where = sa.text(condition)
        op.create_index(f"ix_not_ours_{name}", "not_ours", ["at"], sqlite_where=where, postgresql_where=where)
