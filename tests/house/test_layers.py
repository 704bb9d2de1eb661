"""The import contracts hold, and each of them really fails when somebody breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("adapters", "gateway", "schemas")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]

OFFENCES = [
    ("layers", "gateway/retry.py", "import gateway.ledger.tables"),
    ("layers", "gateway/intake.py", "import gateway.api.app"),
    ("layers", "gateway/dispatch.py", "import gateway.intake"),
    ("layers", "gateway/unplaced.py", '"""A module that nobody gave a layer."""'),
    ("packages", "schemas/ids.py", "import adapters.contract"),
    ("packages", "adapters/contract.py", "import gateway.retry"),
    ("adapters", "adapters/http/client.py", "import adapters.destinations"),
    ("adapters", "adapters/contract.py", "import adapters.http"),
    ("cycles", "gateway/merkle.py", "import gateway.logbook"),
    ("cycles", "gateway/ledger/tables.py", "import gateway.ledger.views"),
    ("siblings", "adapters/channels/whatsapp/adapter.py", "import adapters.channels.native.adapter"),
    ("siblings", "adapters/destinations/sp4n/adapter.py", "import adapters.destinations.ministry_rest.adapter"),
    ("wiring", "gateway/intake.py", "import adapters.channels.whatsapp.adapter"),
    ("wiring", "gateway/dispatch.py", "import adapters.destinations"),
    ("sql", "gateway/intake.py", "import sqlalchemy"),
    ("sql", "gateway/api/health.py", "from alembic import command"),
    ("broker", "gateway/worker.py", "from kombu import Connection"),
    ("http", "adapters/channels/whatsapp/adapter.py", "import httpx"),
    ("http", "gateway/attachments.py", "import aiohttp"),
    ("objects", "gateway/storage.py", "import obstore"),
    ("face", "gateway/intake.py", "import fastapi"),
    ("face", "adapters/contract.py", "from starlette.requests import Request"),
    ("pure", "gateway/lifecycle.py", "import asyncio"),
    ("pure", "gateway/vault.py", "import structlog"),
    ("pure", "schemas/report.py", "import sqlalchemy"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The three packages and the contracts, free to be spoiled."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_all_contracts_are_kept(copy: Path) -> None:
    done = lint(copy)
    assert (done.returncode, "0 broken" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "module", "offence"), OFFENCES, ids=lambda value: value.replace("/", "."))
def test_a_contract_breaks_when_it_is_violated(contract: str, module: str, offence: str, copy: Path) -> None:
    with (copy / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{offence}\n")
    done = lint(copy, "--contract", contract)
    broken = "1 broken" in done.stdout or "does not exist" in done.stdout or "unplaced" in done.stdout
    assert (done.returncode, broken) == (1, True), done.stdout + done.stderr


def test_every_contract_has_an_offence_that_breaks_it() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {contract for contract, _, _ in OFFENCES}


def test_no_contract_has_an_exception() -> None:
    assert [contract["id"] for contract in CONTRACTS if "ignore_imports" in contract] == []


def test_the_migrations_stand_in_one_line() -> None:
    """Two that follow the same one would leave every ledger without a newest revision."""
    numbers = sorted(path.name[:4] for path in (ROOT / "gateway/ledger/migrations/versions").glob("0*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
