"""The delivery log by states that are rare and by channels closed long ago: from the handoffs, without their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes, then drop the one that the first takes the place of."""
    op.create_index(op.f("ix_attempts_handoff_id_id"), "attempts", ["handoff_id", "id"])
    op.drop_index(op.f("ix_attempts_handoff_id"), "attempts")
    where = sa.text("state = 'cancelled'")
    op.create_index("ix_handoffs_cancelled", "handoffs", ["id"], sqlite_where=where, postgresql_where=where)
