"""What one person did, found without reading what all others did."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_actions_actor_id"), "actions", ["actor", "id"])
