"""`review`: what screening set aside is decided by people, and by the clock where nobody comes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

from gateway.app import opened
from gateway.ledger.actions import list_actions
from gateway.review import CLOCK
from gateway.settings import load_settings
from tests.unit.cli.world import Cli, World


def queue(cli: Cli) -> dict[str, dict[str, Any]]:
    done = cli("review", "list", "--json")
    assert done.exit_code == 0, done.output
    return {row["tracking_code"]: row for row in json.loads(done.stdout)}


def actions(*subjects: str) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        async with opened(load_settings()) as gateway:
            rows = [row for subject in subjects for row in await gateway.ledger.read(list_actions, subject=subject)]
            return [(row.action, row.actor.split(":")[0]) for row in rows]

    return asyncio.run(read())


def run_the_clock(within: timedelta) -> int:
    async def release() -> int:
        async with opened(load_settings()) as gateway:
            return await gateway.reviewing().release_overdue(within)

    return asyncio.run(release())


def test_what_waits_is_listed_with_its_reason_and_the_time_that_is_left(cli: Cli, world: World) -> None:
    row = queue(cli)[world.held]
    assert (row["verdict"], "test_message" in row["reason"]) == ("hold", True)
    assert row["released_at"] > row["waiting_since"]


def test_a_person_lets_a_report_go_and_stands_in_the_record(cli: Cli, world: World) -> None:
    done = cli("review", "release", world.held)
    assert (done.exit_code, done.stdout.strip()) == (0, f"{world.held} → sp4n")
    assert world.held not in queue(cli)
    assert actions(world.held_parked) == [("release", "cli")]


def test_a_rejection_needs_a_reason_and_keeps_the_report(cli: Cli, world: World) -> None:
    assert cli("review", "reject", world.held, "--reason", " ", "--yes").exit_code != 0
    assert cli("review", "reject", world.held, "--reason", "uji coba", "--yes").exit_code == 0
    assert world.held not in queue(cli)
    assert cli("report", "show", world.held).exit_code == 0


def test_a_rejection_is_taken_back_as_it_was_said(cli: Cli, world: World) -> None:
    said = cli("review", "reject", world.held, "--reason", "uji coba", "--yes").output
    at = said.rpartition("review undo ")[2].split()[0]
    undone = cli("review", "undo", at)
    assert (undone.exit_code, undone.stdout.strip()) == (0, "Menunggu lagi / Waits again: 1")
    assert world.held in queue(cli)
    assert cli("review", "undo", at).exit_code != 0


def test_a_correction_is_recorded_and_routes_the_report(cli: Cli, world: World) -> None:
    done = cli("review", "correct", world.held, "--category", "1398", "--region", "32.73")
    assert done.exit_code == 0, done.output
    assert "category_id: - → 1398" in done.stdout
    assert cli("review", "correct", world.held, "--category", "1398").exit_code != 0  # nothing left to change
    assert [row["action"] for row in json.loads(cli("review", "show", world.held, "--json").stdout)["actions"]] == [
        "correct"
    ]


def test_a_category_that_nobody_knows_is_refused(cli: Cli, world: World) -> None:
    done = cli("review", "correct", world.held, "--category", "999999")
    assert (done.exit_code != 0, world.held in queue(cli)) == (True, True)


def test_merged_reports_are_both_kept_and_know_each_other(cli: Cli, world: World) -> None:
    done = cli("review", "merge", world.held, world.delivered)
    assert (done.exit_code, world.held in queue(cli)) == (0, False)
    assert cli("review", "merge", world.delivered, world.delivered).exit_code != 0  # it does not wait


def test_what_nobody_looked_at_in_time_goes_on_by_the_clock(cli: Cli, world: World) -> None:
    assert run_the_clock(timedelta(hours=24)) == 0
    assert run_the_clock(timedelta(0)) == 1
    assert world.held not in queue(cli)
    assert actions(world.held_parked) == [("release", CLOCK.split(":")[0])]


def test_what_is_released_already_is_not_released_again(cli: Cli, world: World) -> None:
    cli("review", "release", world.held)
    assert run_the_clock(timedelta(0)) == 0
