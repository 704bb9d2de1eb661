"""`import`: what it says before and after, and with which code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.world import Cli, World


def table(folder: Path, text: str) -> str:
    path = folder / "laporan.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_template_can_be_checked_as_it_is_printed(cli: Cli, tmp_path: Path) -> None:
    printed = cli("import", "--template")
    assert printed.exit_code == 0
    checked = cli("import", table(tmp_path, printed.stdout + "1,Lampu,Lampu jalan padam\n"), "--check")
    assert (checked.exit_code, "1 baru / new" in checked.stdout) == (0, True)


def test_a_table_with_mistakes_ends_with_1_and_names_the_file_to_mend(cli: Cli, tmp_path: Path) -> None:
    path = table(tmp_path, "Isi;Email\nLampu jalan padam;ani\nPohon tumbang;\n")
    done = cli("import", path, "--check")
    assert done.exit_code == 1
    assert "2 dibaca / read, 1 baru / new, 0 sudah ada / known, 1 salah / wrong" in done.stdout
    assert "laporan.errors.csv" in done.stdout
    assert "Isi → content" in done.stderr


def test_columns_that_are_not_read_are_named(cli: Cli, tmp_path: Path) -> None:
    done = cli("import", table(tmp_path, "Isi;Rating\nLampu jalan padam;4\n"), "--check")
    assert "Tidak dibaca / Not read: Rating" in done.stderr


def test_a_header_may_be_named(cli: Cli, tmp_path: Path) -> None:
    path = table(tmp_path, "Kronologi;b\nLampu jalan padam;x\n")
    assert cli("import", path, "--check").exit_code == 2
    assert cli("import", path, "--check", "--map", "Kronologi=content").exit_code == 0


def test_lapors_own_export_is_not_handed_to_lapor_again_unless_that_is_meant(
    cli: Cli, world: World, tmp_path: Path
) -> None:
    headers = "Tracking ID;Isi Laporan Akhir;Instansi Terdisposisi;Status Laporan"
    path = table(tmp_path, f"{headers}\n7;Lampu jalan padam sejak Senin di Cibiru;Dinas;Selesai\n")
    assert cli("channel", "add", "arsip", "--adapter", "batch").exit_code == 0
    refused = cli("import", path, "--channel", "arsip")
    assert (refused.exit_code, "it would be twice there" in refused.stderr, "only: true" in refused.stderr) == (
        2,
        True,
        True,
    )
    [care] = [one for one in json.loads(cli("doctor", "--json").stdout) if one["part"] == "channel arsip"]
    assert (care["grade"], "sp4n" in care["told"], "only: true" in care["mend"]) == ("note", True, True)
    meant = cli("import", path, "--channel", "arsip", "--again")
    assert (meant.exit_code, "1 baru / new" in meant.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "say what and where"),
        (["tidak-ada.csv", "--channel", "arsip"], "cannot be read"),
        (["FILE", "--check", "--map", "Isi"], "HEADER=FIELD"),
        (["FILE", "--check", "--map", "Isi=entah"], "no field"),
    ],
)
def test_a_call_that_cannot_be_done_says_why(cli: Cli, tmp_path: Path, arguments: list[str], told: str) -> None:
    path = table(tmp_path, "Isi\nLampu jalan padam\n")
    done = cli("import", *[path if each == "FILE" else each for each in arguments])
    assert done.exit_code in (1, 2)
    assert told in done.output
