"""`verify` and `export`: the proof holds, its breach is named, and others can check it with a key alone."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.world import REPORTER, Cli, World


def tamper(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "data" / "ledger.sqlite") as connection:
        assert connection.execute(statement).rowcount > 0


def public_key(cli: Cli) -> str:
    verifiers: list[str] = json.loads(cli("keys", "show", "--json").stdout)["verifiers"]
    return verifiers[0]


def verified(cli: Cli) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("verify", "--json").stdout)
    return found


def test_an_untouched_ledger_is_intact(cli: Cli, world: World) -> None:
    done = cli("verify")
    assert (done.exit_code, "INTACT" in done.stdout) == (0, True)
    assert verified(cli)["whole"]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE results SET outcome = 'delivered' WHERE outcome = 'refused'", "altered"),
        ("DELETE FROM results WHERE outcome = 'refused'", "missing"),
        ("UPDATE attempts SET destination = 'sp4n' WHERE destination = 'kemenkes'", "altered"),
    ],
)
def test_a_changed_record_is_named_and_exits_with_1(
    cli: Cli, world: World, tmp_path: Path, statement: str, problem: str
) -> None:
    tamper(tmp_path, statement)
    done = cli("verify")
    assert (done.exit_code, "NOT INTACT" in done.stderr, problem in done.stderr) == (1, True, True)
    findings = verified(cli)["findings"]
    assert problem in {one["problem"] for one in findings}
    assert {one["report_id"] for one in findings if one["problem"] == problem} != {None}


def test_the_published_key_verifies_without_the_key_file(cli: Cli, world: World, tmp_path: Path) -> None:
    key = public_key(cli)
    (tmp_path / "data" / "keys.json").unlink()
    assert cli("verify", "--key", key).exit_code == 0


def test_anothers_key_verifies_nothing(cli: Cli, world: World, tmp_path: Path) -> None:
    made = cli("keys", "make", "--file", str(tmp_path / "asing.json"), "--origin", "asing.example/jurnal")
    key = made.stdout.split(": ")[-1].strip()
    assert cli("verify", "--key", key).exit_code == 1


def test_a_key_that_is_none_is_refused(cli: Cli, world: World) -> None:
    assert cli("verify", "--key", "bukan-kunci").exit_code == 2


def test_a_checkpoint_kept_elsewhere_shows_that_the_log_was_cut(cli: Cli, world: World, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint"
    assert cli("verify", "--save", str(kept)).exit_code == 0
    assert cli("verify", "--since", str(kept)).exit_code == 0
    for table in ("results", "attempts", "checkpoints", "log_batches", "log_head"):
        tamper(tmp_path, f"DELETE FROM {table}")
    assert cli("verify", "--since", str(kept)).exit_code == 1


def test_no_checkpoint_is_kept_of_a_ledger_that_is_not_intact(cli: Cli, world: World, tmp_path: Path) -> None:
    tamper(tmp_path, "UPDATE results SET reason = 'x' WHERE outcome = 'refused'")
    cli("verify", "--save", str(tmp_path / "checkpoint"))
    assert not (tmp_path / "checkpoint").exists()


def test_a_checkpoint_that_cannot_be_read_is_said(cli: Cli, world: World, tmp_path: Path) -> None:
    assert cli("verify", "--since", str(tmp_path / "tidak-ada")).exit_code == 2


# ------------------------------------------------------------------------------------------------------------ bundles


def test_a_bundle_of_a_report_verifies_with_the_public_key_alone(cli: Cli, world: World, tmp_path: Path) -> None:
    key, bundle = public_key(cli), tmp_path / "bukti.jsonl"
    done = cli("export", str(bundle), "--report", world.delivered)
    assert done.exit_code == 0, done.output
    (tmp_path / "data" / "keys.json").unlink()
    (tmp_path / "data" / "ledger.sqlite").unlink()
    verified = cli("verify", "--bundle", str(bundle), "--key", key)
    assert (verified.exit_code, "INTACT" in verified.stdout) == (0, True)


def test_a_bundle_holds_no_person(cli: Cli, world: World, tmp_path: Path) -> None:
    cli("export", str(tmp_path / "bukti.jsonl"))
    assert REPORTER not in (tmp_path / "bukti.jsonl").read_text("utf-8")


def test_a_changed_bundle_is_not_intact(cli: Cli, world: World, tmp_path: Path) -> None:
    bundle = tmp_path / "bukti.jsonl"
    cli("export", str(bundle), "--destination", "kemenkes")
    bundle.write_text(bundle.read_text("utf-8").replace("refused", "delivered"), "utf-8")
    assert cli("verify", "--bundle", str(bundle), "--key", public_key(cli)).exit_code == 1


def test_a_bundle_is_never_written_over_another_file(cli: Cli, world: World, tmp_path: Path) -> None:
    out = tmp_path / "bukti.jsonl"
    out.write_text("penting")
    assert cli("export", str(out)).exit_code == 2
    assert out.read_text() == "penting"
    assert cli("export", str(out), "--force").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report", "KEM-1999-000001"],
        ["--since", "2001-01-01", "--until", "2001-01-02"],
        ["--report", "x", "--destination", "y"],
        ["--since", "kemarin"],
    ],
)
def test_a_selection_of_nothing_is_said(cli: Cli, world: World, tmp_path: Path, arguments: list[str]) -> None:
    done = cli("export", str(tmp_path / "bukti.jsonl"), *arguments)
    assert done.exit_code in (1, 2)
    assert not (tmp_path / "bukti.jsonl").exists()


def test_a_bundle_needs_a_key_from_outside(cli: Cli, world: World, tmp_path: Path) -> None:
    cli("export", str(tmp_path / "bukti.jsonl"))
    assert cli("verify", "--bundle", str(tmp_path / "bukti.jsonl")).exit_code == 2


def test_a_receipt_is_verified_with_the_key_alone_and_a_changed_one_is_refused(
    cli: Cli, world: World, tmp_path: Path
) -> None:
    key, path, page = public_key(cli), tmp_path / "tanda.json", tmp_path / "tanda.pdf"
    assert cli("receipt", world.delivered, "--out", str(path)).exit_code == 0
    assert cli("receipt", world.delivered, "--out", str(page)).exit_code == 0
    assert (page.read_bytes()[:5], REPORTER in path.read_text("utf-8")) == (b"%PDF-", False)
    done = cli("verify", "--receipt", str(path), "--key", key)
    assert (done.exit_code, "GENUINE" in done.stdout) == (0, True)
    path.write_text(path.read_text("utf-8").replace("kemenkes", "kemensos", 1), "utf-8")
    done = cli("verify", "--receipt", str(path), "--key", key)
    assert (done.exit_code, "NOT GENUINE" in done.stdout, "altered" in done.stdout) == (1, True, True)
    assert cli("receipt", world.delivered, "--out", str(path)).exit_code == 2
