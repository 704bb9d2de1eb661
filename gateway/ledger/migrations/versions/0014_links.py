"""Reports that tell of one event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; reports from before are not found again."""
    op.create_table(
        "sketches",
        sa.Column("key", sa.LargeBinary(16), primary_key=True),
        sa.Column("report_id", Id, primary_key=True),
        sa.Column("sender", sa.LargeBinary(16), nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_sketches_report_id", "sketches", ["report_id"])
    op.create_table(
        "report_links",
        sa.Column("report_id", Id, primary_key=True),
        sa.Column("lead_id", Id, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("linked_by", sa.String(64), nullable=False),
        sa.Column("unlinked_at", Instant),
        sa.Column("due_at", Instant),
        sa.Column("passed", sa.Integer, nullable=False),
        sa.Column("told_at", Instant),
    )
    op.create_index("ix_report_links_lead_id", "report_links", ["lead_id"])
    where = sa.text("due_at IS NOT NULL")
    op.create_index("ix_report_links_due", "report_links", ["due_at"], sqlite_where=where, postgresql_where=where)
