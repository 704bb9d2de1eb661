"""Words that are asked for at their vendor, late parts of texts, files that a person decides about, and who decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was parked before is asked for when a person releases it, and who released it is unknown."""
    op.create_table(
        "awaited_words",
        sa.Column("parked_id", Id, primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
    )
    op.create_index("ix_awaited_words_due_at", "awaited_words", ["due_at"])
    op.add_column("parked", sa.Column("closed_by", sa.String(64)))
    joined = sa.text("joined_at IS NOT NULL")
    op.create_index("ix_text_parts_joined", "text_parts", ["set_key"], sqlite_where=joined, postgresql_where=joined)
    where = sa.text("state IN ('withheld', 'failed')")
    op.create_index("ix_files_undecided", "files", ["id"], sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_files_withheld", "files")
