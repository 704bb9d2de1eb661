"""Alerts: what is or was wrong, who is told of it by webhook, and what they are still owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant, JsonText

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alerts",
        sa.Column("id", Id, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("detail", JsonText, nullable=False),
        sa.Column("raised_at", Instant),
        sa.Column("cleared_at", Instant),
    )
    op.create_index(op.f("ix_alerts_state_id"), "alerts", ["state", "id"])
    op.create_table(
        "alert_hooks",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("master_key_id", sa.String(32), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "alert_notices",
        sa.Column("id", Id, primary_key=True),
        sa.Column("hook", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("told_at", Instant),
        sa.Column("reason", sa.String(64)),
    )
    op.create_index(op.f("ix_alert_notices_due_at"), "alert_notices", ["due_at"])
