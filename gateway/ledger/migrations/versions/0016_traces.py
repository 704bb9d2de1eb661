"""The trace of a report: the context of its channel's request, passed on with every attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("reports", sa.Column("trace", sa.String(55)))
