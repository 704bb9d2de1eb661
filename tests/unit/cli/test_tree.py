"""The command tree: quick, complete, and plain about what went wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from gateway import __version__
from gateway.cli.failures import explained
from gateway.cli.tree import COMMANDS
from schemas import errors
from tests.unit.cli.world import Cli, World

HEAVY = ("sqlalchemy", "fastapi", "httpx", "kombu", "cryptography", "alembic", "yaml")


def test_the_help_names_every_command(cli: Cli) -> None:
    said = cli("--help").stdout
    assert [entry.name for entry in COMMANDS if entry.name not in said] == []


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_explains_itself(cli: Cli, entry: object) -> None:
    name = entry.name  # type: ignore[attr-defined]
    done = cli(name, "--help")
    assert (done.exit_code, f"sp4n-gateway {name}" in done.stdout) == (0, True)


def test_every_module_of_the_table_has_its_app() -> None:
    apps = [import_module(f"gateway.cli.{entry.module}").app for entry in COMMANDS]
    assert [app for app in apps if not isinstance(app, typer.Typer)] == []


def test_the_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom gateway.cli.tree import app\n"
        "try:\n    app(['--help'], prog_name='sp4n-gateway')\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_printed(cli: Cli) -> None:
    assert cli("--version").stdout.strip() == __version__


def test_a_slip_is_answered_with_the_right_word(cli: Cli) -> None:
    done = cli("chanel", "list")
    assert (done.exit_code, "channel" in done.stderr) == (2, True)


def test_the_configuration_is_named_by_an_option_too(
    cli: Cli, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_CONFIG", "")
    config = str(tmp_path / "gateway.yaml")
    assert cli("--config", config, "destination", "list").exit_code == 0
    assert os.environ["SP4N_GATEWAY_CONFIG"] == config


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (errors.Misconfigured("x", ["gateway.yaml:3: settings.port: bukan angka"]), 2, "gateway.yaml:3"),
        (errors.LedgerUnavailable("basis data penuh"), 3, "basis data penuh"),
        (errors.Overloaded("tunggu"), 3, "tunggu"),
        (errors.NotFound("tidak ada"), 1, "Not found"),
        (errors.Tampered("berubah"), 1, "berubah"),
        (errors.Invalid("salah", [{"at": "title", "problem": "kosong"}]), 2, "title: kosong"),
        (errors.GatewayError(), 1, "GatewayError"),
    ],
)
def test_an_expected_error_is_words_and_a_code(
    error: errors.GatewayError, code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left, explained():
        raise error
    said = capsys.readouterr()
    assert (left.value.exit_code, word in said.err, said.out) == (code, True, "")


def test_an_error_of_ours_is_never_a_traceback(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_PORT", "delapan ribu")
    done = cli("settings")
    assert (done.exit_code, "SP4N_GATEWAY_PORT" in done.stderr, "Traceback" in done.output) == (2, True, False)


@pytest.mark.parametrize("command", ["books", "verify", "doctor", "handoff list", "tail --no-follow"])
def test_a_database_that_does_not_answer_is_said(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_DATABASE_URL", "postgresql://siapa:sandi@127.0.0.1:1/tiada")
    done = cli(*command.split())
    assert done.exit_code in (1, 3)
    assert "sandi" not in done.output
    assert "Traceback" not in done.output
