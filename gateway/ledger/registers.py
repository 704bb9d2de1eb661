"""The tables of whom and what the gateway deals with: workers, channels, destinations, and what people did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

from gateway.ledger.types import Id, Instant, JsonText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial(name: str, where: ColumnElement[bool], *columns: Column[Any]) -> Index:
    """An index of only those rows for which `where` holds. A query must spell `where` alike, in literals, to use it."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


workers = Table(
    "workers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("host", String(255), nullable=False),  # host and boot id
    Column("pid", Integer, nullable=False),
    Column("beats", BigInteger, nullable=False),  # moves while the worker lives; nobody compares clocks
    Column("started_at", Instant, nullable=False),
    Column("reaped_at", Instant),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("options", JsonText, nullable=False),
    Column("sealed_secrets", LargeBinary),
    Column("master_key_id", String(32)),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("answers", Boolean, nullable=False, server_default=false()),  # whether its adapter can answer a reporter
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", String(16), primary_key=True),  # the public half of the key
    Column("channel", String(64), ForeignKey("channels.name"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

destinations = Table(  # what operations decided about a destination; what it is stands in the configuration
    "destinations",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("paused_at", Instant),
    Column("paused_by", String(64)),
    Column("reason", String(200)),
    Column("synced_at", Instant),
)

gates = Table(  # how each worker finds a destination: its breaker, its hours, how many calls at once
    "gates",
    metadata,
    Column("worker", Id, primary_key=True),
    Column("destination", String(64), primary_key=True),
    Column("state", String(24), nullable=False),
    Column("slots", Integer, nullable=False),
    Column("opens_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("era", BigInteger),  # of its breaker: odd while it is open; NULL from a program that counts none
)

reply_shapes = Table(  # which fields a destination's replies have, as learned: paths and types, no values
    "reply_shapes",
    metadata,
    Column("destination", String(64), primary_key=True),
    Column("step", String(32), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("samples", Integer, nullable=False),
    Column("learned", JsonText, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

terms = Table(
    "terms",
    metadata,
    Column("destination", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", String(64)),
    Column("seen_at", Instant, nullable=False),
    Column("gone_at", Instant),
)

restorations = Table(  # when this ledger was put back from a backup
    "restorations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("last_moment", Instant),  # the last attempt that the backup knew
    Column("log_size", BigInteger, nullable=False),  # of the journal then
)

schema_floor = Table(  # one row: the oldest revision whose programs can still work with these tables
    "schema_floor",
    metadata,
    Column("revision", String(8), primary_key=True),
)

actions = Table(  # what people did, through CLI, API or console
    "actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(48), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", JsonText, nullable=False),
    Index(None, "subject"),
    Index(None, "actor", "id"),
)
