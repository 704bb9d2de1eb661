"""`log` and `audit`: every attempt by the console's filters, saved views of them, and who did what."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.cli.world import Cli, World


def listed(cli: Cli, *arguments: str, stdin: str | None = None) -> list[dict[str, Any]]:
    done = cli("log", "list", *arguments, "--json", stdin=stdin)
    assert done.exit_code == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_the_log_is_filtered_and_goes_on_from_a_line(cli: Cli, world: World) -> None:
    every = listed(cli)
    refused = listed(cli, "--outcome", "refused", "--state", "parked")
    assert {row["tracking_code"] for row in refused} == {world.refused}
    assert listed(cli, "--before", every[0]["id"])[0]["id"] == every[1]["id"]
    assert (listed(cli, "--find", world.held), cli("log", "list", "--state", "lost").exit_code) == ([], 2)


def test_a_reporter_is_looked_for_unseen_and_it_is_recorded(cli: Cli, world: World) -> None:
    assert listed(cli, "--reporter", stdin="0812 7777 0000\n") == []
    assert cli("log", "list", "--reporter", stdin="siapa saja\n").exit_code == 2
    (search,) = json.loads(cli("audit", "--json", "--limit", "1").stdout)
    assert (search["action"], "7777" in search["subject"]) == ("search.reporter", False)


def test_a_view_is_saved_used_and_forgotten(cli: Cli, world: World) -> None:
    assert "outcome=refused" in cli("log", "save", "ditolak", "--outcome", "refused", "--shared").stdout
    assert [row["tracking_code"] for row in listed(cli, "--view", "ditolak")] == [world.refused]
    assert listed(cli, "--view", "ditolak", "--find", world.delivered) == []
    (view,) = json.loads(cli("log", "views", "--json").stdout)
    assert (view["name"], view["shared"]) == ("ditolak", True)
    assert [cli("log", "drop", "ditolak").exit_code for _ in range(2)] == [0, 1]
    assert cli("log", "save", "semua").exit_code == 2


def test_a_redrive_is_taken_back_by_what_it_said(cli: Cli, world: World) -> None:
    done = cli("handoff", "redrive", world.refused_handoff, "--yes")
    at = done.stderr.rsplit("handoff undo ", 1)[1].strip()
    assert "Parked again: 1" in cli("handoff", "undo", at).stdout
    assert [cli("handoff", "undo", text).exit_code for text in (at, "kemarin")] == [1, 2]
    did = json.loads(cli("audit", "--subject", world.refused_handoff, "--json").stdout)
    assert [row["action"] for row in did] == ["redrive.undo", "redrive"]


def test_the_audit_is_a_table_for_people_too(cli: Cli, world: World) -> None:
    cli("user", "add", "ani", "--role", "viewer", "--generate")
    told = cli("audit", "--subject", "ani").stdout
    assert ("user.add" in told, "role viewer" in told) == (True, True)


def test_nobody_is_signed_in_and_no_session_is_ended(cli: Cli, world: World) -> None:
    assert json.loads(cli("user", "sessions", "--json").stdout) == []
    assert cli("user", "end-session", world.refused_handoff).exit_code == 1
