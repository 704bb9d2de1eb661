"""People whom a sign-in provider knows, and its answers that were taken; why handoffs wait, without their attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


_LAST = """UPDATE handoffs SET last_error = coalesce((
  SELECT results.reason FROM results JOIN attempts ON attempts.id = results.attempt_id
  WHERE attempts.handoff_id = handoffs.id ORDER BY attempts.id DESC LIMIT 1), '')
WHERE state = 'parked' AND reason = 'horizon_reached'"""


def upgrade() -> None:
    """Make the tables; add the column, fill it where it counts, and index it."""
    _make_tables()
    op.add_column("handoffs", sa.Column("last_error", sa.String(64), nullable=False, server_default=sa.text("''")))
    op.execute(_LAST)
    where = sa.text("state = 'parked' OR state = 'uncertain'")
    columns = ["state", "destination", "reason", "last_error", "updated_at"]
    op.create_index("ix_handoffs_causes", "handoffs", columns, sqlite_where=where, postgresql_where=where)


def _make_tables() -> None:
    op.create_table(
        "user_subjects",
        sa.Column("issuer", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("user_name", sa.String(64), sa.ForeignKey("users.name"), nullable=False, unique=True),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "sign_in_returns",
        sa.Column("state", sa.LargeBinary(16), primary_key=True),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index(op.f("ix_sign_in_returns_at"), "sign_in_returns", ["at"])
