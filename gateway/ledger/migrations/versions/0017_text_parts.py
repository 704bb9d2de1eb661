"""Parts of long texts that wait for one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "text_parts",
        sa.Column("id", Id, primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("message_key", sa.LargeBinary(16), nullable=False),
        sa.Column("set_key", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.Column("total", sa.SmallInteger, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("joined_at", Instant),
        sa.Column("sealed_part", sa.LargeBinary),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.Column("master_key_id", sa.String(64)),
        sa.UniqueConstraint("channel", "message_key"),
    )
    op.create_index(
        "ix_text_parts_waiting",
        "text_parts",
        ["set_key"],
        sqlite_where=sa.text("joined_at IS NULL"),
        postgresql_where=sa.text("joined_at IS NULL"),
    )
