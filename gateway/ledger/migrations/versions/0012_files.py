"""What was found in attachments, and the copy of each that travels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; files that came before are looked at when they are wanted next."""
    op.add_column("files", sa.Column("sha256", sa.String(64)))
    op.add_column("files", sa.Column("media_type", sa.String(127)))
    op.add_column("files", sa.Column("scan", sa.String(16)))
    op.add_column("files", sa.Column("found", sa.String(100)))
    op.add_column("files", sa.Column("notes", sa.String(255)))
    op.add_column("files", sa.Column("travels", sa.String(80)))
    _partial("ix_files_stored", ["stored"], "stored IS NOT NULL")
    _partial("ix_files_travels", ["travels"], "travels IS NOT NULL")
    _partial("ix_files_withheld", ["reason"], "state = 'withheld'")


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "files", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
