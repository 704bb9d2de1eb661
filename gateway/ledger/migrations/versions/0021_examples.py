"""What officers decided, kept to learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was decided before is not in it."""
    op.create_table(
        "examples",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("decided", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_examples_report_id", "examples", ["report_id"])
