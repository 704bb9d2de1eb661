"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant, JsonText, Serial, current_transaction

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FREE = "state = 'pending' AND owner IS NULL"
_QUEUE = {"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_analyze_scale_factor": 0.02}


def upgrade() -> None:
    """Make every table, and the one row that the journal begins with."""
    _reports()
    _messages()
    _handoffs()
    _handoffs_indexes()
    _parked_and_attempts()
    _results()
    _log()
    _channels()
    _decisions()


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _reports() -> None:
    op.create_table(
        "report_keys",
        sa.Column("subject_id", Id, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("master_key_id", sa.String(32)),
        sa.Column("erased_at", Instant),
    )
    op.create_table(
        "reports",
        sa.Column("id", Id, primary_key=True),
        sa.Column("tracking_code", sa.String(14), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("conversation_key", sa.LargeBinary(16)),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("last_message_at", Instant, nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("category_id", sa.Integer),
        sa.Column("region_code", sa.String(13)),
        sa.Column("is_anonymous", sa.Boolean, nullable=False),
        sa.Column("is_secret", sa.Boolean, nullable=False),
        sa.Column("is_priority", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("decision", JsonText, nullable=False),
        sa.Column("sealed_report", sa.LargeBinary, nullable=False),
        sa.Column("sealed_reporter", sa.LargeBinary),
        sa.Column("erased_at", Instant),
        sa.UniqueConstraint("tracking_code", name=op.f("uq_reports_tracking_code")),
    )
    op.create_index(
        op.f("ix_reports_conversation_key_last_message_at"), "reports", ["conversation_key", "last_message_at"]
    )
    op.create_index(op.f("ix_reports_received_at"), "reports", ["received_at"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("message_key", sa.LargeBinary(16), nullable=False),
        sa.Column("message_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("sealed_message", sa.LargeBinary, nullable=False),
        sa.Column("sealed_raw", sa.LargeBinary),
        sa.Column("routed", sa.Text),
        sa.UniqueConstraint("message_key", "channel", name=op.f("uq_messages_message_key_channel")),
        sa.UniqueConstraint("report_id", "sequence", name=op.f("uq_messages_report_id_sequence")),
    )
    _partial("ix_messages_routed", "messages", ["channel", "routed"], "routed IS NOT NULL")
    op.create_table(
        "files",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("stored", sa.String(80)),
        sa.Column("size", sa.BigInteger),
        sa.Column("reason", sa.String(64)),
        sa.UniqueConstraint("report_id", "sequence", "position", name=op.f("uq_files_report_id_sequence_position")),
    )
    _partial("ix_files_waiting", "files", ["id"], "state = 'waiting'")


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first_sequence", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("parameters", JsonText, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", JsonText, nullable=False),
        sa.Column("uncertain_step", sa.String(32)),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("step_tries", sa.Integer, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("rung_at", Instant),
        sa.Column("owner", Id),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("clock_from", Instant, nullable=False),
        sa.Column("stage", sa.String(16)),
        sa.Column("reason", sa.String(64)),
        sa.Column("evidence", sa.String(24)),
        sa.Column("reference", sa.String(255)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        postgresql_with=_QUEUE,
    )


def _handoffs_indexes() -> None:
    _partial("ix_handoffs_owner", "handoffs", ["owner"], "owner IS NOT NULL")
    _partial("ix_handoffs_reference", "handoffs", ["reference"], "reference IS NOT NULL")
    op.create_index(op.f("ix_handoffs_report_id_destination"), "handoffs", ["report_id", "destination"])
    _partial("ix_handoffs_rung", "handoffs", ["destination", "rung_at"], f"{_FREE} AND rung_at IS NOT NULL")
    _partial("ix_handoffs_set_aside", "handoffs", ["state", "id"], "state = 'parked' OR state = 'uncertain'")
    _partial("ix_handoffs_unrung", "handoffs", ["destination", "priority", "due_at"], f"{_FREE} AND rung_at IS NULL")


def _parked_and_attempts() -> None:
    op.create_table(
        "parked",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("message_key", sa.LargeBinary(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sealed_raw", sa.LargeBinary),
        sa.Column("parked_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.UniqueConstraint("channel", "message_key", "stage", name=op.f("uq_parked_channel_message_key_stage")),
    )
    _partial("ix_parked_open", "parked", ["id"], "state = 'parked'")
    _partial("ix_parked_report_id", "parked", ["report_id"], "report_id IS NOT NULL")
    op.create_table(
        "attempts",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("tx", sa.BigInteger, nullable=False, server_default=current_transaction()),
        sa.Column("id", Id, nullable=False),
        sa.Column("handoff_id", Id, nullable=False),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("worker", Id, nullable=False),
        sa.Column("request", sa.LargeBinary(32), nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("id", name=op.f("uq_attempts_id")),
    )
    op.create_index(op.f("ix_attempts_handoff_id"), "attempts", ["handoff_id"])
    op.create_index(op.f("ix_attempts_tx_seq"), "attempts", ["tx", "seq"])


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("tx", sa.BigInteger, nullable=False, server_default=current_transaction()),
        sa.Column("attempt_id", Id, nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("ended_at", Instant, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("actor", sa.String(64)),
        sa.Column("response", sa.LargeBinary(32)),
        sa.Column("receipt", JsonText),
        sa.Column("sealed_excerpt", sa.LargeBinary),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("attempt_id", "source", name=op.f("uq_results_attempt_id_source")),
    )
    op.create_index(op.f("ix_results_tx_seq"), "results", ["tx", "seq"])


def _log() -> None:
    op.create_table(
        "log_batches",
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("entries", sa.LargeBinary, nullable=False),
        sa.Column("leaves", sa.LargeBinary, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("signed_at", Instant, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sa.Column("attempts_tx", sa.BigInteger, nullable=False),
        sa.Column("attempts_seq", sa.BigInteger, nullable=False),
        sa.Column("results_tx", sa.BigInteger, nullable=False),
        sa.Column("results_seq", sa.BigInteger, nullable=False),
        sa.Column("attempts_top", sa.BigInteger, nullable=False),
        sa.Column("attempts_base", sa.BigInteger, nullable=False),
        sa.Column("results_top", sa.BigInteger, nullable=False),
        sa.Column("results_base", sa.BigInteger, nullable=False),
    )
    head = sa.text("INSERT INTO log_head VALUES (1, 0, :frontier, 0, 0, 0, 0, 0, 0, 0, 0)")
    op.get_bind().execute(head.bindparams(sa.bindparam("frontier", b"", sa.LargeBinary)))


def _channels() -> None:
    op.create_table(
        "workers",
        sa.Column("id", Id, primary_key=True),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("beats", sa.BigInteger, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("reaped_at", Instant),
    )
    op.create_table(
        "channels",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("options", JsonText, nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary),
        sa.Column("master_key_id", sa.String(32)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_credentials_channel")),
    )


def _decisions() -> None:
    op.create_table(
        "destinations",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("paused_at", Instant),
        sa.Column("paused_by", sa.String(64)),
        sa.Column("reason", sa.String(200)),
        sa.Column("synced_at", Instant),
    )
    op.create_table(
        "terms",
        sa.Column("destination", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent", sa.String(64)),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("gone_at", Instant),
    )
    op.create_table(
        "actions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", JsonText, nullable=False),
    )
    op.create_index(op.f("ix_actions_subject"), "actions", ["subject"])
