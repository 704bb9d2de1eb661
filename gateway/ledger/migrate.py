"""Brings the ledger's tables up to date, through the revisions that are packed with the program.

Alembic is loaded where it is used: a process that only works needs it once, to ask for the version.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text

from gateway.ledger.registers import schema_floor

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = text("SELECT pg_advisory_xact_lock(5004)")


def upgrade(conn: Connection) -> None:
    """Run the revisions that are missing, within the connection's transaction; one process at a time."""
    from alembic import command

    if conn.dialect.name == "postgresql":
        conn.execute(_LOCK)
    if _is_newer(current(conn)):
        return
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def current(conn: Connection) -> str | None:
    """The revision of the tables, or None when there are none."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(conn).get_current_revision()


def unfit(conn: Connection) -> str | None:
    """Why this program cannot work with the tables as they are, in words; None when it can.

    Tables may be newer than the program: old and new processes run side by side while an installation is brought up to
    date. How old a program they bear, they say themselves.
    """
    there, known = current(conn), head()
    if there == known:
        return None
    if not _is_newer(there):
        return f"the ledger's schema is at {there or 'nothing'}, this version needs {known}: run `sp4n-gateway migrate`"
    if conn.execute(select(schema_floor.c.revision)).scalar_one() <= known:
        return None
    return f"the ledger's schema is at {there}, which this version ({known}) is too old for: run the newer version"


def _is_newer(there: str | None) -> bool:
    """Revisions are numbers of four digits, so that they can be compared as they are."""
    return there is not None and there > head()


@cache
def head() -> str:
    """The newest revision that the program knows."""
    from alembic.script import ScriptDirectory

    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("the program was packed without its revisions")
    return revision


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "gateway.ledger:migrations")
    return config
