"""The tables of what is told to reporters: each notice, where answers go, who wants none, what vendors say."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table, UniqueConstraint

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),  # the same as its handoff's
    Column("report_id", Id, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("purpose", String(24), nullable=False),  # schemas.notice.NoticePurpose
    Column("notice_key", String(255), nullable=False),  # what it is about, so that it is told once
    Column("burst_key", String(255)),  # a newer notice of the same key takes the place of one that has not gone yet
    Column("sealed_notice", LargeBinary, nullable=False),  # schemas.notice.Notice
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("report_id", "purpose", "notice_key"),
)

reply_addresses = Table(  # where an answer to a report's reporter goes
    "reply_addresses",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("sealed_address", LargeBinary, nullable=False),  # adapters.contract.ReplyAddress
    Column("heard_at", Instant, nullable=False),  # when the reporter last wrote: WhatsApp allows free text for a day
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("conversation_key", LargeBinary(16), primary_key=True),  # keyed hash of who is talking
    Column("since", Instant, nullable=False),
)

notice_updates = Table(  # what became of a message that we sent, as its vendor tells; it may come before our own record
    "notice_updates",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("reference", String(255), primary_key=True),  # the vendor's id of the message
    Column("status", String(16), nullable=False),  # sent | delivered | read | failed
    Column("at", Instant, nullable=False),
    Column("error", String(64)),
)
