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
