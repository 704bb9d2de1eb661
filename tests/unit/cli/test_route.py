"""`route`: a decision explained, and other rules tried on what the ledger holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.world import Cli, World


@pytest.fixture
def changed(world: World, tmp_path: Path) -> Path:
    """The configuration of the world, with its rule deciding alone."""
    path = tmp_path / "changed.yaml"
    text = (tmp_path / "gateway.yaml").read_text()
    assert text.count("\n      to: [kemenkes]\n") == 1
    path.write_text(text.replace("\n      to: [kemenkes]\n", "\n      to: [kemenkes]\n      only: true\n"))
    return path


def test_the_same_rules_move_nothing(cli: Cli, world: World, tmp_path: Path) -> None:
    done = cli("route", "simulate", str(tmp_path / "gateway.yaml"), "--gate", "moved")
    assert (done.exit_code, "0 moved" in done.stdout) == (0, True)


def test_changed_rules_show_what_moves_and_fail_the_gate(cli: Cli, world: World, changed: Path) -> None:
    table = changed.with_suffix(".csv")
    done = cli("route", "simulate", str(changed), "--json", "--csv", str(table), "--gate", "moved")
    assert done.exit_code == 1
    moves = {row["tracking_code"]: row["after"] for row in json.loads(done.stdout)}
    assert moves[world.delivered] == "kemenkes"
    assert world.delivered in table.read_text()
    assert cli("route", "simulate", str(changed), "--gate", "orphaned").exit_code == 0


def test_an_unknown_gate_is_refused(cli: Cli, world: World, changed: Path) -> None:
    assert cli("route", "simulate", str(changed), "--gate", "tidak").exit_code not in (0, 1)


def test_a_report_that_an_agency_does_not_take_goes_to_the_one_a_person_names(cli: Cli, world: World) -> None:
    done = cli("route", "reroute", world.doubtful, "--from", "sp4n", "--to", "kemenkes", "--reason", "bukan wewenang")
    assert (done.exit_code, "sp4n → kemenkes" in done.stdout) == (0, True)
    record = json.loads(cli("report", "show", world.doubtful, "--json").stdout)
    assert {one["destination"] for one in record["handoffs"]} == {"sp4n", "kemenkes"}
    assert cli("books").exit_code == 0
    again = cli("route", "reroute", world.doubtful, "--from", "sp4n", "--to", "kemenkes", "--reason", "lagi")
    assert again.exit_code not in (0, 1)


def test_where_no_agency_is_left_a_person_is_asked(cli: Cli, world: World) -> None:
    done = cli("route", "reroute", world.doubtful, "--from", "sp4n", "--reason", "bukan wewenang")
    assert (done.exit_code, "a person chooses" in done.stdout) == (1, True)
    assert json.loads(cli("route", "pingpong", "--json").stdout) == []
