"""`report` and `route`: the whole story without the person; the person only for a reason, and never after erasure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.world import CONTENT, REPORTER, Cli, World


def shown(cli: Cli, wanted: str) -> dict[str, Any]:
    done = cli("report", "show", wanted, "--json")
    assert done.exit_code == 0, done.output
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_the_story_names_every_handoff_with_its_proof(cli: Cli, world: World) -> None:
    said = cli("report", "show", world.delivered).stdout
    for part in (world.delivered, "kemenkes", "sp4n", "referenced", "complaint", "pass_on", "KEM-", "accept"):
        assert part in said


def test_the_story_says_how_each_file_stands(cli: Cli, world: World) -> None:
    said = " ".join(cli("report", "show", world.delivered).stdout.split())
    assert "berkas / file 1: tersimpan / kept · text/plain · 11 B · tidak dipindai (mati) / unscanned (off)" in said
    [file] = shown(cli, world.delivered)["files"]
    assert (file["state"], file["scan"], file["cleaned"], len(file["sha256"])) == ("stored", "off", False, 64)


def test_the_story_of_a_held_report_says_why(cli: Cli, world: World) -> None:
    said = cli("report", "show", world.held).stdout
    assert "hold" in said
    assert "screen" in said


@pytest.mark.parametrize("spelling", ["code", "small letters", "id", "reference"])
def test_a_report_is_found_by_whatever_names_it(cli: Cli, world: World, spelling: str) -> None:
    record = shown(cli, world.delivered)
    reference = next(one["reference"] for one in record["handoffs"] if one["destination"] == "kemenkes")
    wanted = {
        "code": world.delivered,
        "small letters": world.delivered.replace("-", " ").lower(),
        "id": record["id"],
        "reference": reference,
    }[spelling]
    assert shown(cli, wanted)["tracking_code"] == world.delivered


def test_a_report_that_is_not_there_is_not_found(cli: Cli, world: World) -> None:
    done = cli("report", "show", "KEM-1999-000001")
    assert (done.exit_code, "KEM-1999-000001" in done.stderr) == (1, True)


def test_the_story_holds_no_content_and_no_identity(cli: Cli, world: World) -> None:
    for arguments in (["report", "show", world.delivered], ["report", "show", world.delivered, "--json"]):
        said = cli(*arguments).output
        assert REPORTER not in said
        assert CONTENT[:20] not in said


def test_the_content_is_not_shown_without_a_reason(cli: Cli, world: World) -> None:
    done = cli("report", "show", world.delivered, "--reveal")
    assert (done.exit_code, REPORTER in done.output) == (2, False)
    assert shown(cli, world.delivered)["actions"] == []


def test_a_look_at_the_content_is_recorded_with_its_reason(cli: Cli, world: World) -> None:
    done = cli("report", "show", world.delivered, "--reveal", "--reason", "permintaan Ombudsman")
    assert REPORTER in done.stdout
    assert CONTENT[:20] in done.stdout
    [action] = shown(cli, world.delivered)["actions"]
    assert (action["action"], action["detail"]) == ("reveal", {"reason": "permintaan Ombudsman"})
    assert action["actor"].startswith("cli:")


def test_an_erased_report_keeps_its_story_and_loses_its_content(cli: Cli, world: World) -> None:
    assert cli("report", "erase", world.delivered, "--yes").exit_code == 0
    assert shown(cli, world.delivered)["erased_at"] is not None
    done = cli("report", "show", world.delivered, "--reveal", "--reason", "uji")
    assert (done.exit_code, REPORTER in done.output) == (1, False)


def test_an_erased_report_leaves_the_proof_whole(cli: Cli, world: World) -> None:
    cli("report", "erase", world.delivered, "--yes")
    assert cli("verify").exit_code == 0
    assert cli("books").exit_code == 0


def test_the_files_of_an_erased_report_are_removed(cli: Cli, world: World, tmp_path: Path) -> None:
    assert stored(tmp_path) != []
    cli("report", "erase", world.delivered, "--yes")
    assert stored(tmp_path) == []


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "data" / "files").rglob("*") if path.is_file()]


def test_erasure_waits_for_a_yes(cli: Cli, world: World) -> None:
    assert cli("report", "erase", world.delivered).exit_code == 1
    assert shown(cli, world.delivered)["erased_at"] is None


def test_erasing_twice_says_that_it_is_done(cli: Cli, world: World) -> None:
    cli("report", "erase", world.delivered, "--yes")
    done = cli("report", "erase", world.delivered, "--yes")
    assert (done.exit_code, "erased already" in done.stdout) == (0, True)


def test_the_route_explains_itself_from_the_stored_decision(cli: Cli, world: World) -> None:
    said = cli("route", "explain", world.delivered).stdout
    for part in ("accept", "kesehatan", "keywords", "→ kemenkes", "→ sp4n"):
        assert part in said


def test_the_stored_decision_is_printed_as_it_is(cli: Cli, world: World) -> None:
    document = json.loads(cli("route", "explain", world.delivered, "--json").stdout)
    assert document["decision"] == shown(cli, world.delivered)["decision"]
    assert set(document["decision"]["route"]["targets"]) == {"kemenkes", "sp4n"}


def test_a_held_report_explains_its_verdict(cli: Cli, world: World) -> None:
    said = cli("route", "explain", world.held).stdout
    assert "hold" in said
    assert "test_message" in said
