"""The tables of alerts: what is or was wrong, who is told of it, and what they are still owed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant, JsonText

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("detail", JsonText, nullable=False),
    Column("raised_at", Instant),
    Column("cleared_at", Instant),
    Index(None, "state", "id"),
)

alert_hooks = Table(
    "alert_hooks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("private", Boolean, nullable=False),  # whether its host may be an inside address
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("master_key_id", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
)

alert_notices = Table(  # what a hook is told of an alert, until it took it or it was given up
    "alert_notices",
    metadata,
    Column("id", Id, primary_key=True),  # the webhook-id: the same at every try
    Column("hook", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Instant),  # NULL: nothing is owed any more
    Column("told_at", Instant),
    Column("reason", String(64)),
    Index(None, "due_at"),
)
