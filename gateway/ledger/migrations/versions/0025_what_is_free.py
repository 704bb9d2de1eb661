"""What is owed and in nobody's hand is found by an index of its own, whether it was rung for or not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index: as small as the work that is waiting, it is made in one pass over the handoffs."""
    free = sa.text("state = 'pending' AND owner IS NULL")
    op.create_index(
        "ix_handoffs_free",
        "handoffs",
        ["destination", "priority", "due_at"],
        postgresql_where=free,
        sqlite_where=free,
    )
