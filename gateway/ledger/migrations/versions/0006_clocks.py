"""The law's clocks of each case, and a destination's own number where it told one later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant, JsonText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; every case that is watched already is read at once."""
    op.add_column("case_watch", sa.Column("reference", sa.String(255)))
    op.add_column("case_watch", sa.Column("clocks_at", Instant))
    op.execute("UPDATE case_watch SET clocks_at = changed_at")
    _partial("ix_case_watch_clocks", "case_watch", ["clocks_at"], "clocks_at IS NOT NULL")
    _partial("ix_case_watch_reference", "case_watch", ["reference"], "reference IS NOT NULL")
    op.create_table(
        "case_clocks",
        sa.Column("handoff_id", Id, primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("deadline_at", Instant, nullable=False),
        sa.Column("met_at", Instant),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("shares", JsonText, nullable=False),
        sa.Column("read_at", Instant, nullable=False),
    )
    op.create_index(op.f("ix_case_clocks_report_id"), "case_clocks", ["report_id"])
    _partial(
        "ix_case_clocks_alarming",
        "case_clocks",
        ["state", "deadline_at"],
        "state = 'approaching' OR state = 'broken'",
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
