"""Gates, and the sweeper's indexes with the channel in them, so that channels share a destination fairly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FREE = "state = 'pending' AND owner IS NULL"


def upgrade() -> None:
    """The new indexes serve the statements of an older process too, if with a little sorting."""
    op.create_table(
        "gates",
        sa.Column("worker", Id, primary_key=True),
        sa.Column("destination", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("slots", sa.Integer, nullable=False),
        sa.Column("opens_at", Instant),
        sa.Column("updated_at", Instant, nullable=False),
    )
    for name, moment, condition in (("unrung", "due_at", "IS NULL"), ("rung", "rung_at", "IS NOT NULL")):
        where = sa.text(f"{_FREE} AND rung_at {condition}")
        columns = ["destination", "priority", "channel", moment]
        op.create_index(f"ix_handoffs_{name}_account", "handoffs", columns, sqlite_where=where, postgresql_where=where)
        op.drop_index(f"ix_handoffs_{name}", "handoffs")
