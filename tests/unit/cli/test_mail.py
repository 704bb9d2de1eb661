"""`mail bounce`: what a mail system hands in, and what it is told by the exit code."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters.outbound.mail_ids import return_path
from tests.unit.cli.world import Cli, World


def a_bounce(handoff: str, action: str = "failed") -> str:
    to = return_path(UUID(handoff), "bounces@gateway.example.go.id")
    return (
        f"To: {to}\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
        f"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; warga@example.id\nAction: {action}\nStatus: 5.1.1\n\n--x--\n"
    )


@pytest.fixture
def mailed(cli: Cli, world: World, tmp_path: Path) -> str:
    """A delivered handoff whose step was a mail."""
    rows: list[dict[str, Any]] = json.loads(cli("handoff", "list", "--json", "--state", "delivered").stdout)
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as connection:
        connection.execute("UPDATE attempts SET step = 'mail'")
    return str(rows[0]["id"])


def state_of(cli: Cli, handoff: str) -> tuple[str, str | None]:
    shown = json.loads(cli("handoff", "show", handoff, "--json").stdout)
    return shown["state"], shown["reason"]


def test_a_mail_that_came_back_for_good_parks_its_handoff(cli: Cli, mailed: str) -> None:
    done = cli("mail", "bounce", stdin=a_bounce(mailed))
    assert (done.exit_code, done.stdout.strip()) == (0, f"{mailed}: parked")
    assert state_of(cli, mailed) == ("parked", "bounced")
    again = cli("mail", "bounce", stdin=a_bounce(mailed))
    assert (again.exit_code, again.stdout.strip()) == (0, f"{mailed}: noted")


def test_a_delay_changes_nothing(cli: Cli, mailed: str) -> None:
    before = state_of(cli, mailed)
    assert cli("mail", "bounce", stdin=a_bounce(mailed, "delayed")).exit_code == 0
    assert state_of(cli, mailed) == before


def test_what_is_no_bounce_is_told_so(cli: Cli, world: World) -> None:
    assert cli("mail", "bounce", stdin="Subject: Halo\n\nApa kabar?\n").exit_code == 65


def test_a_ledger_that_is_away_makes_the_mail_system_try_again(
    cli: Cli, mailed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP4N_GATEWAY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert cli("mail", "bounce", stdin=a_bounce(mailed)).exit_code == 75


def test_a_ledger_that_is_not_there_must_be_mended(cli: Cli, mailed: str, tmp_path: Path) -> None:
    (tmp_path / "data" / "ledger.sqlite").unlink()
    assert cli("mail", "bounce", stdin=a_bounce(mailed)).exit_code == 78
