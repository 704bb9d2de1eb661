"""`settings`, `migrate`, `openapi` and `schema`: what is in force, and what is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gateway.cli.schema import PUBLISHED
from gateway.settings import Settings
from tests.unit.cli.world import Cli

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_every_setting_is_listed_with_its_variable(cli: Cli, folder: Path) -> None:
    rows = {row["name"]: row for row in json.loads(cli("settings", "--json").stdout)}
    assert set(Settings.model_fields) <= set(rows)
    assert (rows["port"]["value"], rows["port"]["variable"]) == (8080, "SP4N_GATEWAY_PORT")


def test_the_secret_of_the_object_store_is_masked(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_FILES_STORE", "s3://lampiran")
    monkeypatch.setenv("SP4N_GATEWAY_FILES_STORE_KEY_ID", "AKIA1")
    monkeypatch.setenv("SP4N_GATEWAY_FILES_STORE_SECRET", "sandi-rahasia")
    said = cli("settings", "--json").stdout
    assert ("sandi-rahasia" in said, "s3://lampiran" in said, "AKIA1" in said) == (False, True, True)


def test_passwords_are_masked(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_DATABASE_URL", "postgresql://gateway:sandi-rahasia@db.example/lapor")
    monkeypatch.setenv("SP4N_GATEWAY_BROKER_URL", "amqp://gateway:sandi-rahasia@mq.example/lapor")
    said = cli("settings").output + cli("settings", "--json").output
    assert ("sandi-rahasia" in said, "gateway:***@db.example" in said) == (False, True)


def test_migration_is_checked_done_and_done_again(cli: Cli, folder: Path) -> None:
    assert cli("migrate").exit_code == 0
    assert cli("migrate", "--check").exit_code == 0
    assert "up to date" in cli("migrate").stdout


def test_a_schema_that_is_behind_is_said_and_left_alone(cli: Cli, folder: Path) -> None:
    (folder / "data").mkdir()
    for _ in range(2):
        done = cli("migrate", "--check")
        assert (done.exit_code, "behind" in done.stdout) == (1, True)


def test_the_published_openapi_document_is_the_one_that_the_face_serves(cli: Cli) -> None:
    assert (DOCS / "openapi.json").read_text("utf-8") == cli("openapi").stdout


def test_the_published_report_schema_is_the_one_that_is_used(cli: Cli) -> None:
    assert (DOCS / "schemas" / "report.json").read_text("utf-8") == cli("schema", "report").stdout


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_schema_is_a_schema(cli: Cli, name: str) -> None:
    Draft202012Validator.check_schema(json.loads(cli("schema", name).stdout))


def test_an_unknown_schema_is_told_the_known_ones(cli: Cli) -> None:
    done = cli("schema", "laporan")
    assert (done.exit_code, "submission" in done.stderr) == (2, True)
