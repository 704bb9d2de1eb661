"""The delivery log by channel: each attempt has its report's channel beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which workers fill in where it is empty, and the indexes; drop the one that has a longer one."""
    op.add_column("attempts", sa.Column("channel", sa.String(64)))
    op.create_index(op.f("ix_attempts_channel_id"), "attempts", ["channel", "id"])
    op.create_index(op.f("ix_attempts_channel_destination_id"), "attempts", ["channel", "destination", "id"])
    op.create_index(op.f("ix_results_reason_outcome_attempt_id"), "results", ["reason", "outcome", "attempt_id"])
    op.drop_index(op.f("ix_results_reason_attempt_id"), "results")
