"""`handoff`: what is owed, found by any mark, and repaired only after it was shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.world import CONTENT, REPORTER, Cli, World


def listed(cli: Cli, *filters: str) -> list[dict[str, Any]]:
    done = cli("handoff", "list", "--json", *filters)
    assert done.exit_code == 0, done.output
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def state_of(cli: Cli, handoff: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(cli("handoff", "show", handoff, "--json").stdout)
    return shown


def test_every_handoff_is_listed_newest_first(cli: Cli, world: World) -> None:
    rows = listed(cli)
    assert len(rows) == 5
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--destination", "sp4n"], 3),
        (["--destination", "kemenkes"], 2),
        (["--state", "uncertain"], 1),
        (["--state", "parked", "--reason", "http_422"], 1),
        (["--reason", "http_503"], 0),
        (["--channel", "aplikasi"], 5),
        (["--channel", "wa"], 0),
        (["--since", "1h"], 5),
        (["--until", "1h"], 0),
        (["--since", "2001-01-01", "--until", "2001-01-02"], 0),
        (["--limit", "2"], 2),
    ],
)
def test_a_filter_lets_through_what_fits_it(cli: Cli, world: World, filters: list[str], count: int) -> None:
    assert len(listed(cli, *filters)) == count


def test_a_code_finds_the_handoffs_of_its_report(cli: Cli, world: World) -> None:
    rows = listed(cli, "--code", world.delivered)
    assert {row["destination"] for row in rows} == {"sp4n", "kemenkes"}


def test_the_next_page_begins_after_the_last_id(cli: Cli, world: World) -> None:
    every = [row["id"] for row in listed(cli)]
    assert [row["id"] for row in listed(cli, "--after", every[1])] == every[2:]


def test_a_full_page_says_how_to_go_on(cli: Cli, world: World) -> None:
    done = cli("handoff", "list", "--limit", "2")
    assert f"--after {listed(cli)[1]['id']}" in done.stderr


def test_no_list_shows_who_reported_what(cli: Cli, world: World) -> None:
    said = cli("handoff", "list").output + cli("handoff", "show", world.refused_handoff).output
    assert REPORTER not in said
    assert CONTENT[:20] not in said


def test_a_handoff_is_shown_with_its_attempts(cli: Cli, world: World) -> None:
    shown = state_of(cli, world.refused_handoff)
    [attempt] = shown["attempts"]
    assert (attempt["step"], [one["outcome"] for one in attempt["results"]]) == ("post", ["refused"])
    assert "disisihkan" in cli("handoff", "show", world.refused_handoff).stdout


@pytest.mark.parametrize("text", ["0198f3a0-0000-7000-8000-000000000000", "bukan-id"])
def test_an_id_that_is_nobodys_is_said_plainly(cli: Cli, world: World, text: str) -> None:
    done = cli("handoff", "show", text)
    assert done.exit_code in (1, 2)
    assert text in done.stderr


# ----------------------------------------------------------------------------------------------------------- redrive


def test_redrive_shows_what_it_would_do_and_does_nothing_without_a_yes(cli: Cli, world: World) -> None:
    done = cli("handoff", "redrive", "--destination", "kemenkes")
    assert done.exit_code == 1
    assert world.refused_handoff in done.stdout
    assert state_of(cli, world.refused_handoff)["state"] == "parked"


@pytest.mark.parametrize("which", ["id", "filter", "all", "answer"])
def test_redrive_puts_a_parked_handoff_back(cli: Cli, world: World, which: str) -> None:
    chosen = {
        "id": [world.refused_handoff, "--yes"],
        "filter": ["--reason", "http_422", "--yes"],
        "all": ["--all", "--yes"],
        "answer": ["--all"],
    }[which]
    done = cli("handoff", "redrive", *chosen, stdin="y\n")
    assert (done.exit_code, "Redriven: 1" in done.stdout) == (0, True)
    assert state_of(cli, world.refused_handoff)["state"] == "pending"


def test_redrive_wants_to_be_told_which(cli: Cli, world: World) -> None:
    assert cli("handoff", "redrive").exit_code == 2
    assert cli("handoff", "redrive", world.refused_handoff, "--all").exit_code == 2


def test_redrive_leaves_out_what_is_not_parked(cli: Cli, world: World) -> None:
    done = cli("handoff", "redrive", world.doubtful_handoff, world.refused_handoff, "--yes")
    assert "Redriven: 1" in done.stdout
    assert state_of(cli, world.doubtful_handoff)["state"] == "uncertain"


def test_redrive_of_nothing_is_not_found(cli: Cli, world: World) -> None:
    assert cli("handoff", "redrive", "--reason", "http_599", "--yes").exit_code == 1


# ------------------------------------------------------------------------------------------------------------ cancel


def test_cancel_keeps_the_reason_in_the_record(cli: Cli, world: World) -> None:
    done = cli("handoff", "cancel", world.refused_handoff, "--reason", "sudah ditangani lewat telepon", "--yes")
    assert "Cancelled: 1" in done.stdout
    assert state_of(cli, world.refused_handoff)["state"] == "cancelled"
    record = json.loads(cli("report", "show", world.refused, "--json").stdout)
    assert [one["detail"]["reason"] for one in record["actions"]] == ["sudah ditangani lewat telepon"]


def test_cancel_does_nothing_without_a_yes(cli: Cli, world: World) -> None:
    assert cli("handoff", "cancel", world.refused_handoff, "--reason", "x").exit_code == 1
    assert state_of(cli, world.refused_handoff)["state"] == "parked"


# ----------------------------------------------------------------------------------------------------------- resolve


def test_what_arrived_goes_on_with_the_steps_that_are_left(cli: Cli, world: World) -> None:
    done = cli("handoff", "resolve", world.doubtful_handoff, "--arrived", "--reference", "5000003", "--yes")
    assert done.exit_code == 0, done.output
    shown = state_of(cli, world.doubtful_handoff)
    assert (shown["state"], shown["reference"], shown["evidence"]) == ("pending", "5000003", "confirmed")
    results = shown["attempts"][0]["results"]
    assert [(one["source"], one["outcome"]) for one in results] == [("reply", "uncertain"), ("operator", "delivered")]


def test_steps_that_are_left_need_the_destinations_number(cli: Cli, world: World) -> None:
    done = cli("handoff", "resolve", world.doubtful_handoff, "--arrived", "--yes")
    assert (done.exit_code, "--reference" in done.stderr) == (2, True)
    assert state_of(cli, world.doubtful_handoff)["state"] == "uncertain"


def test_what_did_not_arrive_is_sent_again(cli: Cli, world: World) -> None:
    assert cli("handoff", "resolve", world.doubtful_handoff, "--not-arrived", "--yes").exit_code == 0
    shown = state_of(cli, world.doubtful_handoff)
    assert (shown["state"], shown["uncertain_step"]) == ("pending", None)


@pytest.mark.parametrize(
    "arguments", [[], ["--not-arrived", "--reference", "7"]], ids=["nothing said", "a reference of nothing"]
)
def test_a_half_said_resolution_is_refused(cli: Cli, world: World, arguments: list[str]) -> None:
    assert cli("handoff", "resolve", world.doubtful_handoff, *arguments, "--yes").exit_code == 2
    assert state_of(cli, world.doubtful_handoff)["state"] == "uncertain"


def test_only_an_uncertain_handoff_is_resolved(cli: Cli, world: World) -> None:
    done = cli("handoff", "resolve", world.refused_handoff, "--not-arrived", "--yes")
    assert (done.exit_code, "parked" in done.stderr) == (2, True)


def test_a_confirmed_handoff_still_verifies(cli: Cli, world: World) -> None:
    cli("handoff", "resolve", world.doubtful_handoff, "--arrived", "--reference", "5000003", "--yes")
    done = cli("verify")
    assert (done.exit_code, "INTACT" in done.stdout) == (0, True)


def test_all_uncertain_ones_of_a_destination_are_resolved_at_once_after_a_look(cli: Cli, world: World) -> None:
    asked = cli("handoff", "resolve", "--destination", "sp4n", "--all", "--not-arrived", stdin="n\n")
    assert (asked.exit_code, world.doubtful_handoff in asked.stdout) == (1, True)
    done = cli("handoff", "resolve", "--destination", "sp4n", "--all", "--not-arrived", "--yes")
    assert (done.exit_code, "Resolved: 1" in done.stdout) == (0, True)
    assert state_of(cli, world.doubtful_handoff)["state"] == "pending"
    assert cli("handoff", "resolve", "--destination", "sp4n", "--all", "--not-arrived", "--yes").exit_code == 1


def test_those_that_need_the_destinations_number_are_told_and_left(cli: Cli, world: World) -> None:
    done = cli("handoff", "resolve", "--destination", "sp4n", "--all", "--arrived", "--yes")
    assert ("Resolved: 0" in done.stdout, "--reference" in done.stderr) == (True, True)
    assert state_of(cli, world.doubtful_handoff)["state"] == "uncertain"


@pytest.mark.parametrize(
    "arguments",
    [["--all"], ["--destination", "sp4n"], ["--all", "--destination", "sp4n", "--arrived", "--reference", "7"]],
    ids=["no destination", "not all", "one reference for many"],
)
def test_many_are_resolved_only_when_it_is_said_which(cli: Cli, world: World, arguments: list[str]) -> None:
    assert cli("handoff", "resolve", "--not-arrived", *arguments, "--yes").exit_code == 2
