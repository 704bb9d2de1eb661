"""`books`: the balance, and a loud no when it is off."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.unit.cli.world import Cli, World


def test_the_books_of_a_busy_ledger_balance(cli: Cli, world: World) -> None:
    done = cli("books")
    assert (done.exit_code, "The books balance" in done.stdout) == (0, True)


def test_every_state_has_its_column(cli: Cli, world: World) -> None:
    rows = {(row["channel"], row["destination"]): row for row in json.loads(cli("books", "--json").stdout)}
    sp4n, kemenkes, nowhere = (rows["aplikasi", name] for name in ("sp4n", "kemenkes", "-"))
    assert (sp4n["accepted"], sp4n["delivered"], sp4n["uncertain"]) == (3, 2, 1)
    assert (kemenkes["accepted"], kemenkes["delivered"], kemenkes["parked"]) == (2, 1, 1)
    assert (nowhere["accepted"], nowhere["parked"]) == (1, 1)
    assert rows["wa", "-"]["parked"] == 2


def test_a_lost_handoff_is_named_and_exits_with_1(cli: Cli, world: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as connection:
        connection.execute("DELETE FROM handoffs WHERE state = 'parked'")
    done = cli("books")
    assert (done.exit_code, "aplikasi → kemenkes: +1" in done.stderr) == (1, True)


def test_an_empty_ledger_has_no_books_yet(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    done = cli("books")
    assert (done.exit_code, "No report yet" in done.stderr) == (0, True)


def test_a_ledger_that_is_not_there_is_not_made_by_looking(cli: Cli, folder: Path) -> None:
    done = cli("books")
    assert (done.exit_code, "there is no ledger at" in done.stderr) == (2, True)
    assert not (folder / "data").exists()
