"""The tables of what is not whole yet: parts of long texts, and messages whose words lie with their vendor."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, String, Table, UniqueConstraint

from gateway.ledger.registers import metadata, partial
from gateway.ledger.types import Id, Instant

text_parts = Table(
    "text_parts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("message_key", LargeBinary(16), nullable=False),  # keyed hash of the vendor's id: a part comes once
    Column("set_key", LargeBinary(16), nullable=False),  # keyed hash of sender, reference and number of parts
    Column("number", SmallInteger, nullable=False),
    Column("total", SmallInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("joined_at", Instant),
    Column("sealed_part", LargeBinary),  # adapters.incoming.InboundMessage; gone, with its key, once it is joined
    Column("wrapped_key", LargeBinary),
    Column("master_key_id", String(64)),
    UniqueConstraint("channel", "message_key"),
)
partial("ix_text_parts_joined", text_parts.c.joined_at.is_not(None), text_parts.c.set_key)
partial("ix_text_parts_waiting", text_parts.c.joined_at.is_(None), text_parts.c.set_key)

awaited_words = Table(  # parked parts whose words lie with the vendor: when they are asked for next
    "awaited_words",
    metadata,
    Column("parked_id", Id, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Index(None, "due_at"),
)
