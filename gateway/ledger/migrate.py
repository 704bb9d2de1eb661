"""Brings the ledger's tables up to date, through the revisions that are packed with the program."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_LOCK = text("SELECT pg_advisory_xact_lock(5004)")


def upgrade(conn: Connection) -> None:
    """Run the revisions that are missing, within the connection's transaction; one process at a time."""
    if conn.dialect.name == "postgresql":
        conn.execute(_LOCK)
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def current(conn: Connection) -> str | None:
    """The revision of the tables, or None when there are none."""
    return MigrationContext.configure(conn).get_current_revision()


def head() -> str:
    """The newest revision that the program knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("the program was packed without its revisions")
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "gateway.ledger:migrations")
    return config
