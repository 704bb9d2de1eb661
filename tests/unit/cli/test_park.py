"""`park`: nothing that was set aside is lost; each goes on, or is given up for a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.world import LATE, Cli, World


def parked(cli: Cli, *filters: str) -> dict[str, dict[str, Any]]:
    done = cli("park", "list", "--json", *filters)
    assert done.exit_code == 0, done.output
    return {row["id"]: row for row in json.loads(done.stdout)}


def test_everything_that_was_set_aside_is_listed_with_stage_and_reason(cli: Cli, world: World) -> None:
    rows = parked(cli)
    stages = {world.held_parked: "screen", world.strange_parked: "parse", world.late_parked: "parse"}
    assert {key: row["stage"] for key, row in rows.items()} == stages | {world.refused_handoff: "deliver"}
    assert all(row["reason"] for row in rows.values())


@pytest.mark.parametrize(
    ("filters", "count"), [(["--stage", "parse"], 2), (["--stage", "deliver"], 1), (["--channel", "wa"], 2)]
)
def test_a_filter_lets_through_what_fits_it(cli: Cli, world: World, filters: list[str], count: int) -> None:
    assert len(parked(cli, *filters)) == count


def test_a_held_report_goes_where_the_rules_say_once_a_person_lets_it(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", world.held_parked, "--yes")
    assert (done.exit_code, f"{world.held} → sp4n" in done.stdout) == (0, True)
    record = json.loads(cli("report", "show", world.held, "--json").stdout)
    assert [(one["destination"], one["state"]) for one in record["handoffs"]] == [("sp4n", "pending")]
    assert record["decision"]["route"]["targets"] == {"sp4n": {}}
    assert world.held_parked not in parked(cli)


def test_a_held_report_goes_where_a_person_sends_it(cli: Cli, world: World) -> None:
    assert cli("park", "redrive", world.held_parked, "--to", "kemenkes", "--yes").exit_code == 0
    record = json.loads(cli("report", "show", world.held, "--json").stdout)
    assert [one["destination"] for one in record["handoffs"]] == ["kemenkes"]


def test_a_destination_that_does_not_exist_leaves_the_report_parked(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", world.held_parked, "--to", "entah", "--yes")
    assert (done.exit_code, "entah" in done.stderr) == (1, True)
    assert world.held_parked in parked(cli)


def test_a_message_that_is_understood_by_now_becomes_a_report(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", world.late_parked, "--yes")
    assert done.exit_code == 0, done.output
    code = done.stdout.split("→")[-1].strip()
    shown = cli("report", "show", code, "--reveal", "--reason", "uji").stdout
    assert LATE in shown
    assert world.late_parked not in parked(cli)


def test_a_message_that_is_still_not_understood_stays_and_takes_no_other_with_it(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", "--stage", "parse", "--yes")
    assert (done.exit_code, world.strange_parked in done.stderr) == (1, True)
    assert set(parked(cli, "--stage", "parse")) == {world.strange_parked}


def test_a_parked_handoff_is_sent_again(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", world.refused_handoff, "--yes")
    assert (done.exit_code, "1 handoff" in done.stdout) == (0, True)
    assert world.refused_handoff not in parked(cli)


def test_redrive_shows_what_it_would_do_and_does_nothing_without_a_yes(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", "--all")
    assert (done.exit_code, world.held_parked in done.stdout) == (1, True)
    assert len(parked(cli)) == 4


def test_redrive_wants_to_be_told_which(cli: Cli, world: World) -> None:
    assert cli("park", "redrive").exit_code == 2
    assert cli("park", "redrive", world.held_parked, "--all").exit_code == 2


def test_what_is_given_up_is_gone_from_the_list_and_stands_in_the_books(cli: Cli, world: World) -> None:
    ids = [world.held_parked, world.strange_parked, world.refused_handoff]
    done = cli("park", "cancel", *ids, "--reason", "bukan laporan", "--yes")
    assert (done.exit_code, "Cancelled: 3" in done.stdout) == (0, True)
    assert set(parked(cli)) == {world.late_parked}
    books = json.loads(cli("books", "--json").stdout)
    assert (sum(row["cancelled"] for row in books), [row for row in books if row["difference"]]) == (3, [])


def test_a_held_report_that_was_given_up_waits_again_as_it_was_said(cli: Cli, world: World) -> None:
    done = cli("park", "cancel", world.held_parked, "--reason", "bukan laporan", "--yes").output
    undone = cli("review", "undo", done.rpartition("review undo ")[2].split()[0])
    assert (undone.exit_code, undone.stdout.strip()) == (0, "Menunggu lagi / Waits again: 1")
    assert world.held_parked in parked(cli)


def test_of_a_cancelled_handoff_nobody_is_told_that_it_can_be_taken_back(cli: Cli, world: World) -> None:
    done = cli("park", "cancel", world.refused_handoff, "--reason", "sudah selesai", "--yes")
    assert (done.exit_code, "review undo" in done.output) == (0, False)


def test_an_id_that_is_not_parked_is_left_out_and_said(cli: Cli, world: World) -> None:
    done = cli("park", "redrive", world.doubtful_handoff, "--yes")
    assert (done.exit_code, world.doubtful_handoff in done.stderr) == (1, True)
