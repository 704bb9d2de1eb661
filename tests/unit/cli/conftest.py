"""The command line beside a ledger that has seen something, a copy of its own for each test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.tree import app
from tests.unit.cli.world import Cli, World, environ_of, make_world


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Made once for each run."""
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own."""
    for name in list(os.environ):
        if name.startswith("SP4N_GATEWAY_"):
            monkeypatch.delenv(name)


@pytest.fixture
def world(made_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> World:
    """The test's own copy, and the environment that names it."""
    made_world.copied(tmp_path)
    for name, value in environ_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    return made_world


@pytest.fixture
def cli() -> Cli:
    """Runs a command and returns what it said."""

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, prog_name="sp4n-gateway")

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> Path:
    """An empty folder for the data of a gateway that is yet to begin."""
    monkeypatch.setenv("SP4N_GATEWAY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path
