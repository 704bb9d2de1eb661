"""The tables of the people who work with console and API, and of the keys by which their search finds a reporter."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password", String(255), nullable=False),  # argon2id; empty for who signs in by the provider alone
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),  # when the password was set
    Column("locked_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),  # what it is called when it is listed and revoked
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # SHA-256 of the token in the cookie
    Column("user_name", String(64), ForeignKey("users.name"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("revoked_at", Instant),
    Index(None, "user_name", "created_at"),
)

user_subjects = Table(  # people as the sign-in provider knows them
    "user_subjects",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_name", String(64), ForeignKey("users.name"), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

sign_in_returns = Table(  # answers of the provider that were taken: each is taken once
    "sign_in_returns",
    metadata,
    Column("state", LargeBinary(16), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)

user_keys = Table(
    "user_keys",
    metadata,
    Column("id", String(16), primary_key=True),  # the public half of the key
    Column("user_name", String(64), ForeignKey("users.name"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "user_name"),
)

sign_in_failures = Table(  # tries in a row that were not followed by a right one
    "sign_in_failures",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # keyed hash of a name, or of an address
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("query", Text, nullable=False),  # of the delivery log's address
    Column("shared", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "owner"),
)

reporter_keys = Table(  # by whom a report can be found again; gone with the report's key
    "reporter_keys",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # keyed hash of a phone number, NIK, mail address or conversation
    Column("report_id", Id, primary_key=True),
    Index(None, "report_id"),
)
