"""The migrations make what the tables say, on both databases."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text, update

from gateway.ledger import Ledger, migrate
from gateway.ledger.tables import log_head, metadata, schema_floor
from schemas.errors import LedgerUnavailable

ROOT = Path(__file__).parents[3]
EVERY_INDEX = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
}

EVERY_OPTION = (
    "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r' ORDER BY relname"
)


@pytest.fixture
async def without_tables(empty_url: str) -> AsyncIterator[Ledger]:
    ledger = await Ledger.open(empty_url)
    yield ledger
    await ledger.close()


def differences(conn: Connection) -> list[Any]:
    context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def described(conn: Connection) -> dict[str, Any]:
    """Every table and index as the database itself describes it, without the one that Alembic keeps."""
    inspector = inspect(conn)
    tables = {
        name: (
            [(each["name"], str(each["type"]), each["nullable"]) for each in inspector.get_columns(name)],
            inspector.get_pk_constraint(name),
            sorted(inspector.get_unique_constraints(name), key=str),
            inspector.get_foreign_keys(name),
        )
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    indexes = {row[0]: row[1] for row in conn.execute(text(EVERY_INDEX[conn.dialect.name]))}
    indexes.pop("alembic_version_pkc", None)
    options = conn.execute(text(EVERY_OPTION)).all() if conn.dialect.name == "postgresql" else []
    return {
        "tables": tables,
        "options": [tuple(row) for row in options],
        "indexes": {name: " ".join(sql.split()) for name, sql in indexes.items()},
    }


async def test_autogenerate_finds_nothing_to_add_to_the_migrations(ledger: Ledger) -> None:
    assert await ledger.read(differences) == []


async def test_the_migrations_make_the_same_tables_and_indexes_as_the_metadata(
    ledger: Ledger, without_tables: Ledger
) -> None:
    await without_tables.write(metadata.create_all)

    assert await ledger.read(described) == await without_tables.read(described)


async def test_a_database_without_tables_has_no_version_and_a_migrated_one_the_newest(without_tables: Ledger) -> None:
    assert await without_tables.schema_version() is None
    await without_tables.migrate()
    assert await without_tables.schema_version() == without_tables.head_version()


async def test_migrating_again_changes_nothing(ledger: Ledger) -> None:
    await ledger.migrate()
    assert await ledger.schema_version() == ledger.head_version()


async def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    program = "import sys, asyncio; from tests.integration.databases import migrate; asyncio.run(migrate(sys.argv[1]))"
    command = (sys.executable, "-c", program, empty_url)
    both = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(2)]
    assert [await process.wait() for process in both] == [0, 0]

    ledger = await Ledger.open(empty_url)
    assert await ledger.schema_version() == ledger.head_version()
    await ledger.close()


async def test_the_journal_finds_the_row_that_it_begins_with(ledger: Ledger) -> None:
    def head(conn: Connection) -> list[Any]:
        return [tuple(row) for row in conn.execute(select(log_head))]

    assert await ledger.read(head) == [(1, 0, b"", *([0] * 8))]


async def test_a_ledger_without_tables_says_that_it_must_be_migrated(without_tables: Ledger) -> None:
    def count(conn: Connection) -> int:
        return conn.execute(select(func.count()).select_from(log_head)).scalar_one()

    with pytest.raises(LedgerUnavailable, match="migrate"):
        await without_tables.read(count)


async def test_a_program_works_with_tables_that_are_newer_and_bear_it(without_tables: Ledger) -> None:
    ledger, known = without_tables, without_tables.head_version()
    assert "migrate" in (await ledger.unfit() or "")
    await ledger.migrate()
    assert await ledger.unfit() is None
    await ledger.write(stamp, "9999", known)
    await ledger.migrate()
    assert (await ledger.schema_version(), await ledger.unfit()) == ("9999", None)
    await ledger.write(stamp, "9999", "9998")
    assert "too old" in (await ledger.unfit() or "")


def stamp(conn: Connection, revision: str, floor: str) -> None:
    """As a newer version's migration would leave it."""
    conn.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    conn.execute(update(schema_floor).values(revision=floor))


async def test_a_migration_only_adds_so_that_the_version_before_goes_on(without_tables: Ledger) -> None:
    """From the revision on that says how old a program the tables bear."""
    before: dict[str, dict[str, tuple[str, bool]]] = {}
    for revision in revisions():
        now = await without_tables.write(stepped, revision)
        for table, columns in before.items() if "schema_floor" in before else ():
            kept = {name: now[table].get(name) for name in columns}
            assert kept == columns, f"{revision} takes from {table} what older programs use"
            added = {name: column for name, column in now[table].items() if name not in columns}
            assert [name for name, (_, optional) in added.items() if not optional] == [], f"{revision}: {table}"
        before = now
    assert "schema_floor" in before


def stepped(conn: Connection, revision: str) -> dict[str, dict[str, tuple[str, bool]]]:
    """The tables at a revision: of each column its type, and whether an insert may leave it out."""
    config = migrate._config()
    config.attributes["connection"] = conn
    command.upgrade(config, revision)
    inspector = inspect(conn)
    return {
        table: {
            each["name"]: (str(each["type"]), bool(each["nullable"] or each["default"] is not None))
            for each in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
    }


def revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return sorted(script.revision for script in scripts)
