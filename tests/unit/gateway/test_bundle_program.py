"""The stand-alone verifier: what it says, what it answers, and how little it needs."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from gateway.bundle import main, told, verify_bundle
from gateway.bundle_format import BundleWriter
from gateway.findings import INDONESIAN, Problem
from gateway.merkle import leaf_hash
from gateway.notes import Checkpoint, Signer, sign_checkpoint
from gateway.records import attempt_record

SIGNER = Signer("jurnal.example.go.id/uji", bytes(range(32)))
VKEY = str(SIGNER.verifier)
RECORD = attempt_record(
    id=UUID(int=1), handoff_id=UUID(int=2), report_id=UUID(int=3), destination="sp4n", step="create", number=1,
    started_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), worker=UUID(int=4), request=bytes(32),
)  # fmt: skip
CHECKPOINT = Checkpoint(SIGNER.name, 1, leaf_hash(RECORD))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "bukti.jsonl"
    with made.open("wb") as out:
        writer = BundleWriter(out)
        note = sign_checkpoint(CHECKPOINT, SIGNER)
        writer.begin(made_at="2026-03-02T02:00:00Z", selection={"all": "records"}, checkpoint=note, key=SIGNER.verifier)
        writer.record(0, RECORD, [])
        writer.end(SIGNER)
    return made


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway.bundle", *arguments], capture_output=True, text=True, check=False
    )


def test_the_stand_alone_verifier_says_that_a_bundle_is_whole(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(sign_checkpoint(CHECKPOINT, SIGNER), "utf-8")
    done = run(str(path), "--key", VKEY, "--checkpoint", str(kept))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "UTUH / INTACT")


def test_the_stand_alone_verifier_names_what_is_wrong(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    done = run(str(path), "--key", VKEY)
    assert done.returncode == 1
    assert "- hilang / missing: The record at position 0 of the log was removed from the bundle." in done.stdout


@pytest.mark.parametrize("arguments", [["tidak-ada.jsonl", "--key", VKEY], [__file__, "--key", "bukan+kunci"]])
def test_what_cannot_be_verified_at_all_is_an_error_of_its_own(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "COULD NOT BE VERIFIED" in capsys.readouterr().err


def test_verifying_a_bundle_loads_nothing_but_the_standard_library_and_cryptography() -> None:
    code = (
        "import sys; before = set(sys.modules); import gateway.bundle; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if not name.startswith("_")}
    assert loaded <= {"cryptography", "gateway"}
    assert {"cryptography", "gateway"} <= loaded


def test_the_report_tells_in_both_languages_what_the_bundle_holds(path: Path) -> None:
    assert told(verify_bundle(path, VKEY)).splitlines() == [
        "UTUH / INTACT",
        "Jurnal / journal: jurnal.example.go.id/uji, 1 catatan / records",
        'Dibuat / made: 2026-03-02T02:00:00Z; isi / selection: {"all": "records"}',
        "Percobaan / attempts: 1; hasil / results: 0; isi yang dibuka / openings: 0",
    ]


def test_every_problem_has_an_indonesian_word() -> None:
    assert set(INDONESIAN) == set(Problem)


def test_the_program_answers_with_the_report_and_its_exit_code(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(path), "--key", VKEY]) == 0
    assert capsys.readouterr().out.startswith("UTUH / INTACT")
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert main([str(path), "--key", VKEY]) == 1
    assert capsys.readouterr().out.startswith("TIDAK UTUH / NOT INTACT")


def test_a_bundle_without_a_valid_checkpoint_is_told_without_one(path: Path) -> None:
    stranger = Signer("orang.example.go.id/lain", bytes(32))
    report = verify_bundle(path, str(stranger.verifier))
    assert report.checkpoint is None
    assert "Jurnal / journal" not in told(report)
