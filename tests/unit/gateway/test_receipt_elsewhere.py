"""The commands by which a receipt is checked elsewhere, as they stand on the page, where nothing is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import cryptography
import pytest

import gateway.citizen_receipt as program
from tests.house.pages import ROOT, blocks
from tests.unit.gateway.test_citizen_receipt import CODE, DATA, SIGNER, compact, made, to_link

HEADING = "## Checking a receipt elsewhere"
NEEDED = ("cryptography", "cffi", "_cffi_backend*")
VKEY = str(SIGNER.verifier)


def commands() -> str:
    """What the page says to type."""
    page = ROOT / "docs/operations.md"
    lines = page.read_text("utf-8").splitlines()
    begin = lines.index(HEADING)
    end = next(number for number, line in enumerate(lines) if number > begin and line.startswith("## "))
    [block] = [one.text for one in blocks(page) if one.mark == "run" and begin < one.line <= end]
    return block


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with Python and `cryptography`, and nothing else of ours."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    library, programs = tmp_path / "library", tmp_path / "programs"
    library.mkdir()
    programs.mkdir()
    installed = Path(cryptography.__file__).parents[1]
    for pattern in NEEDED:
        for found in installed.glob(pattern):
            (library / found.name).symlink_to(found)
    python = programs / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')  # -S: without what is installed beside it
    python.chmod(0o755)
    return {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(library), "SOURCE": str(ROOT)}


def run(folder: Path, around: dict[str, str], receipt: Path, link: Path) -> subprocess.CompletedProcess[str]:
    told = {"RECEIPT": str(receipt), "LINK": str(link), "VKEY": VKEY, "CODE": CODE}
    return subprocess.run(
        ["bash", "-euc", commands()], cwd=folder, env=around | told, capture_output=True, text=True, check=False
    )


def written(folder: Path) -> tuple[Path, Path]:
    receipt, link = folder / "tanda-terima.json", folder / "tautan.txt"
    receipt.write_text(made(), "utf-8")
    link.write_text(to_link("https://lapor.example/periksa", compact()), "utf-8")
    return receipt, link


def test_a_receipt_is_genuine_where_only_it_and_the_key_are(tmp_path: Path, bare: dict[str, str]) -> None:
    done = run(tmp_path, bare, *written(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("ASLI / GENUINE\n") == 2
    assert done.stdout.count("Diterima / received: Kementerian Kesehatan, 2026-03-02T01:00:00") == 2


def test_so_is_one_of_the_first_version(tmp_path: Path, bare: dict[str, str]) -> None:
    done = run(tmp_path, bare, DATA / "receipt_version_1.json", DATA / "receipt_version_1.txt")
    assert (done.returncode, done.stdout.count("ASLI / GENUINE\n")) == (0, 2)


def test_a_changed_one_is_not(tmp_path: Path, bare: dict[str, str]) -> None:
    receipt, link = written(tmp_path)
    receipt.write_text(made().replace("KEM-2026-7", "KEM-2026-8"), "utf-8")
    done = run(tmp_path, bare, receipt, link)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "TIDAK ASLI / NOT GENUINE")


def test_the_program_names_the_files_that_the_page_copies() -> None:
    copied = re.search(r"for part in (.*?); do", commands())
    assert copied is not None
    told = set(re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", (program.__doc__ or "").split("modules")[1].split("of this")[0]))
    assert set(copied[1].split()) == (told - {"and"}) | {"__init__", "citizen_receipt"}


def test_the_gateways_own_program_checks_it_without_settings(tmp_path: Path) -> None:
    receipt, _ = written(tmp_path)
    empty = tmp_path / "kosong"
    empty.mkdir()
    command = [sys.executable, "-m", "gateway.cli", "verify", "--receipt", str(receipt), "--key", VKEY]
    done = subprocess.run(
        command, cwd=empty, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "ASLI / GENUINE" in done.stdout, list(empty.iterdir())) == (0, True, [])
