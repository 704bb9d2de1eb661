"""`keys`: made once, rotated, rewrapped while everything stays readable, dropped only when nothing lies under them."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from tests.unit.cli.world import REPORTER, Cli, World


def shown(cli: Cli) -> dict[str, Any]:
    keys: dict[str, Any] = json.loads(cli("keys", "show", "--json").stdout)
    return keys


def reveals(cli: Cli, world: World) -> bool:
    return REPORTER in cli("report", "show", world.delivered, "--reveal", "--reason", "uji").stdout


def test_a_made_key_file_is_for_its_owner_only(cli: Cli, folder: Path) -> None:
    done = cli("keys", "make", "--origin", "lapor.example.go.id/gateway")
    file = folder / "data" / "keys.json"
    assert (done.exit_code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert "lapor.example.go.id/gateway+" in done.stdout


def test_a_key_file_is_never_made_over_another(cli: Cli, folder: Path) -> None:
    cli("keys", "make")
    before = (folder / "data" / "keys.json").read_bytes()
    assert cli("keys", "make").exit_code == 2
    assert (folder / "data" / "keys.json").read_bytes() == before


def test_no_key_is_ever_shown(cli: Cli, world: World, tmp_path: Path) -> None:
    written = json.loads((tmp_path / "data" / "keys.json").read_text("utf-8"))
    said = cli("keys", "show").output + cli("keys", "show", "--json").output
    secrets = [*(master["key"] for master in written["master"]), written["index_key"], written["journal"]]
    assert [secret for secret in secrets if secret in said] == []


def test_everything_lies_under_the_current_key_at_first(cli: Cli, world: World) -> None:
    [master] = shown(cli)["master"]
    assert (master["place"], master["keys"] > 4) == ("current", True)


def test_after_a_rotation_the_old_reports_stay_readable(cli: Cli, world: World) -> None:
    assert cli("keys", "rotate", "--yes").exit_code == 0
    assert [(one["place"], one["keys"] > 0) for one in shown(cli)["master"]] == [("current", False), ("former", True)]
    assert reveals(cli, world)


def test_rewrapping_moves_everything_and_only_then_is_the_old_key_dropped(cli: Cli, world: World) -> None:
    before = shown(cli)["master"][0]["keys"]
    cli("keys", "rotate", "--yes")
    done = cli("keys", "rewrap", "--drop")
    assert (done.exit_code, f"Rewrapped: {before}" in done.stdout) == (0, True)
    assert [(one["place"], one["keys"]) for one in shown(cli)["master"]] == [("current", before)]
    assert reveals(cli, world)
    assert cli("verify").exit_code == 0


def test_rewrapping_again_has_nothing_to_do(cli: Cli, world: World) -> None:
    cli("keys", "rotate", "--yes")
    cli("keys", "rewrap")
    done = cli("keys", "rewrap")
    assert "Rewrapped: 0" in done.stdout
    assert len(shown(cli)["master"]) == 2


def test_an_erased_report_stays_erased_through_a_rewrapping(cli: Cli, world: World) -> None:
    cli("report", "erase", world.delivered, "--yes")
    cli("keys", "rotate", "--yes")
    assert cli("keys", "rewrap", "--drop").exit_code == 0
    assert not reveals(cli, world)


def test_a_new_signing_key_leaves_the_old_signatures_trusted(cli: Cli, world: World) -> None:
    [old] = shown(cli)["verifiers"]
    assert cli("keys", "rotate", "--journal", "--yes").exit_code == 0
    assert shown(cli)["verifiers"][1:] == [old]
    assert cli("verify").exit_code == 0


def test_rotation_waits_for_a_yes(cli: Cli, world: World) -> None:
    assert cli("keys", "rotate").exit_code == 1
    assert len(shown(cli)["master"]) == 1


def test_a_missing_key_file_is_said(cli: Cli, world: World, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys.json").unlink()
    done = cli("keys", "show")
    assert (done.exit_code, "keys.json" in done.stderr) == (2, True)


def test_a_key_file_that_others_can_read_is_refused(cli: Cli, world: World, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys.json").chmod(0o644)
    done = cli("keys", "show")
    assert (done.exit_code, "chmod 600" in done.stderr) == (2, True)
