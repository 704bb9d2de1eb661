"""People of the console, what finds a reporter, and the indexes of the delivery log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the indexes."""
    _people()
    _remembered()
    op.create_index(op.f("ix_attempts_destination_id"), "attempts", ["destination", "id"])
    op.create_index(op.f("ix_results_outcome_attempt_id"), "results", ["outcome", "attempt_id"])
    op.create_index(op.f("ix_results_reason_attempt_id"), "results", ["reason", "attempt_id"])
    op.create_index(op.f("ix_handoffs_channel_id"), "handoffs", ["channel", "id"])


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("locked_at", Instant),
    )
    op.create_table(
        "sessions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "user_name", sa.String(64), sa.ForeignKey("users.name", name="fk_sessions_user_name"), nullable=False
        ),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("revoked_at", Instant),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index(op.f("ix_sessions_user_name_created_at"), "sessions", ["user_name", "created_at"])
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.LargeBinary(16), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
    )


def _remembered() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", Id, primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_index(op.f("ix_saved_views_owner"), "saved_views", ["owner"])
    op.create_table(
        "reporter_keys",
        sa.Column("key", sa.LargeBinary(16), primary_key=True),
        sa.Column("report_id", Id, primary_key=True),
    )
    op.create_index(op.f("ix_reporter_keys_report_id"), "reporter_keys", ["report_id"])
