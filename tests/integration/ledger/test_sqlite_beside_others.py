"""The embedded ledger beside other processes on the same file: nobody takes its write-ahead log away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Connection, text

from gateway.ledger import Ledger

LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM destinations").fetchone()[0])
connection.close()
"""


def seen_by_another_process(file: Path) -> int:
    """What a process of its own reads, which then closes its connection as the last one would."""
    done = subprocess.run([sys.executable, "-c", LOOK, str(file)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def add_destination(conn: Connection, name: str) -> None:
    conn.execute(text("INSERT INTO destinations (name) VALUES (:name)"), {"name": name})


def count_destinations(conn: Connection) -> int:
    return int(conn.execute(text("SELECT count(*) FROM destinations")).scalar_one())


async def test_another_process_sees_every_commit_however_often_others_came_and_went(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    ledger = await Ledger.open(f"sqlite:///{file}")
    try:
        await ledger.migrate()
        for number in range(3):
            await ledger.write(add_destination, f"d{number}")
            assert await ledger.read(count_destinations) == number + 1
            assert seen_by_another_process(file) == number + 1
    finally:
        await ledger.close()
    assert seen_by_another_process(file) == 3


async def test_a_process_that_leaves_does_not_take_the_log_with_it(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    log = file.with_name("ledger.db-wal")
    ledger = await Ledger.open(f"sqlite:///{file}")
    try:
        await ledger.migrate()
        assert await ledger.read(count_destinations) == 0
        there = log.stat().st_ino
        seen_by_another_process(file)
        assert log.stat().st_ino == there
    finally:
        await ledger.close()
