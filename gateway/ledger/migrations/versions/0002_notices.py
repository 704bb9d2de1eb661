"""Notices: what is told to reporters through the channels that can answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no channel answers until a worker has seen that it can."""
    op.add_column("channels", sa.Column("answers", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "notices",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("notice_key", sa.String(255), nullable=False),
        sa.Column("burst_key", sa.String(255)),
        sa.Column("sealed_notice", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.UniqueConstraint("report_id", "purpose", "notice_key", name=op.f("uq_notices_report_id_purpose_notice_key")),
    )
    op.create_table(
        "reply_addresses",
        sa.Column("report_id", Id, primary_key=True),
        sa.Column("sealed_address", sa.LargeBinary, nullable=False),
        sa.Column("heard_at", Instant, nullable=False),
    )
    op.create_table(
        "opt_outs",
        sa.Column("conversation_key", sa.LargeBinary(16), primary_key=True),
        sa.Column("since", Instant, nullable=False),
    )
    op.create_table(
        "notice_updates",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("reference", sa.String(255), primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("error", sa.String(64)),
    )
