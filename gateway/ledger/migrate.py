"""Brings the ledger's tables up to date, through the revisions that are packed with the program.

Alembic is loaded only where something is to be done: every start asks for the version, and nearly all find it right.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from gateway.ledger.registers import schema_floor

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION = table("alembic_version", column("version_num"))
_REVISION = re.compile(r"(\d{4})_\w+\.py")
_LOCK = text("SELECT pg_advisory_xact_lock(5004)")


def upgrade(conn: Connection) -> None:
    """Run the revisions that are missing, within the connection's transaction; one process at a time."""
    if conn.dialect.name == "postgresql":
        conn.execute(_LOCK)
    there = current(conn)
    if there == head() or _is_newer(there):
        return
    from alembic import command

    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def current(conn: Connection) -> str | None:
    """The revision of the tables, or None when there are none."""
    if not inspect(conn).has_table(_VERSION.name):
        return None
    there: str | None = conn.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    return there


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
    """The newest revision that the program knows. Raises LookupError when it was packed without any."""
    names = (entry.name for entry in (files("gateway.ledger.migrations") / "versions").iterdir())
    revisions = [match[1] for match in map(_REVISION.fullmatch, names) if match]
    if not revisions:
        raise LookupError("the program was packed without its revisions")
    return max(revisions)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "gateway.ledger:migrations")
    return config
