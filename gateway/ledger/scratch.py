"""A database for a trial on the operator's own server: made, and dropped again. Nothing else there is touched."""

from __future__ import annotations

import re

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.ledger.postgresql import asyncpg_url
from schemas.errors import Misconfigured

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


async def make_database(server_url: str, name: str) -> str:
    """An empty database beside the one at this address, and its own address. Raises Misconfigured."""
    try:
        await _run(server_url, f'CREATE DATABASE "{_checked(name)}"')
    except (DBAPIError, OSError, TimeoutError) as error:
        raise Misconfigured(
            f"no scratch database can be made on the ledger's server ({type(error).__name__}): let its user make "
            "databases (ALTER ROLE … CREATEDB), or make an empty one and name it with --database"
        ) from error
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


async def drop_database(server_url: str, name: str) -> None:
    """Remove a database that `make_database` made, whoever is connected to it."""
    await _run(server_url, f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)')


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a scratch database")
    return name


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(asyncpg_url(make_url(url)), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()
