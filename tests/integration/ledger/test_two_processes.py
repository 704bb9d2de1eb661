"""A command beside a running server: two processes with the same file, both reading and writing."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from gateway.ledger import Ledger
from gateway.ledger.tables import actions, reports
from tests.integration.databases import Kind
from tests.integration.ledger.doing import count, keep
from tests.integration.ledger.making import SP4N, a_report

ROOT = Path(__file__).parents[3]
COMMAND = """
import asyncio, sys
from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.values import ActionRow
from gateway.ledger.tables import reports
from schemas.ids import new_id
from tests.integration.ledger.doing import count
from tests.integration.ledger.making import NOW

async def main():
    ledger = await Ledger.open(sys.argv[1])
    for _ in range(50):
        await ledger.write(note, ActionRow(new_id(NOW), NOW, "ani", "reveal", "report", {}))
    print(await count(ledger, reports))
    await ledger.close()

asyncio.run(main())
"""


@pytest.fixture
def url(sqlite_files: Kind) -> str:
    return next(iter(sqlite_files.migrated()))


async def test_a_command_and_a_server_use_the_same_file_at_once(url: str) -> None:
    server = await Ledger.open(url)
    await keep(server, a_report("wamid.first", SP4N))
    commands = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", COMMAND, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    waiting = asyncio.gather(*(command.communicate() for command in commands))
    number = 0
    while not waiting.done():
        number += 1
        await keep(server, *(a_report(f"wamid.{number}.{place}", SP4N) for place in range(10)))

    outputs = await waiting
    assert [command.returncode for command in commands] == [0, 0]
    assert all(int(stdout) > 0 for stdout, _ in outputs)
    assert await count(server, actions) == 100
    assert await count(server, reports) == 1 + 10 * number
    await server.close()


def rights(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}


async def test_a_new_file_belongs_to_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = await Ledger.open(f"sqlite:///{path}")
    await ledger.migrate()

    assert rights(tmp_path) == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}
    await ledger.close()


async def test_a_new_file_is_set_up_to_keep_what_it_promised(tmp_path: Path) -> None:
    ledger = await Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    await ledger.migrate()
    pragmas = ("journal_mode", "synchronous", "page_size", "foreign_keys", "busy_timeout")

    values = await ledger.write(lambda conn: [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas])

    assert values == ["wal", 2, 8192, 0, 5000]
    await ledger.close()
