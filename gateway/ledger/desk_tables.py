"""The tables of walk-in desks: which number each report of a day has in its desk's queue."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String, Table, UniqueConstraint

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

desk_days = Table(  # its row's lock makes one number at a time
    "desk_days",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last_number", Integer, nullable=False),
)

desk_entries = Table(
    "desk_entries",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("report_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("report_id"),
)
