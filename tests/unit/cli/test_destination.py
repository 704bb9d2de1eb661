"""`destination`: what the configuration names, what operations decided, and whether anybody is there."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.destinations.sp4n import simulator as sp4n
from adapters.simulator import Book, Simulator
from tests.unit.cli.world import Cli, World


def listed(cli: Cli) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(cli("destination", "list", "--json").stdout)}


@contextmanager
def running_sp4n(folder: Path) -> Iterator[Simulator]:
    """SP4N's simulator on a free port, named in the configuration of this folder."""
    simulator = Simulator(sp4n.simulated(), book=Book())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(simulator.start(), loop).result()
    config = folder / "gateway.yaml"
    text = re.sub(r"(adapter: sp4n\n    url: )\S+", rf"\g<1>{simulator.url}", config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    try:
        yield simulator
    finally:
        asyncio.run_coroutine_threadsafe(simulator.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_the_configured_destinations_are_listed_with_their_state(cli: Cli, world: World) -> None:
    rows = listed(cli)
    assert {name: (row["adapter"], row["state"]) for name, row in rows.items()} == {
        "sp4n": ("sp4n", "open"),
        "kemenkes": ("ministry_rest", "open"),
    }


def test_a_pause_is_shown_with_its_reason_until_it_ends(cli: Cli, world: World) -> None:
    assert cli("destination", "pause", "sp4n", "--reason", "pemeliharaan").exit_code == 0
    row = listed(cli)["sp4n"]
    assert (row["state"], row["reason"]) == ("paused", "pemeliharaan")
    assert cli("destination", "resume", "sp4n").exit_code == 0
    assert listed(cli)["sp4n"]["state"] == "open"


def test_doing_it_twice_says_so(cli: Cli, world: World) -> None:
    assert "was not paused" in cli("destination", "resume", "sp4n").stdout
    cli("destination", "pause", "sp4n", "--reason", "uji")
    assert "paused already" in cli("destination", "pause", "sp4n", "--reason", "uji").stdout


def test_an_unknown_destination_is_told_the_known_ones(cli: Cli, world: World) -> None:
    done = cli("destination", "pause", "lapor", "--reason", "uji")
    assert (done.exit_code, "sp4n, kemenkes" in done.stderr) == (1, True)


def test_a_destination_that_answers_is_told_so_and_sent_nothing(cli: Cli, world: World, tmp_path: Path) -> None:
    with running_sp4n(tmp_path) as simulator:
        done = cli("destination", "test", "sp4n")
        assert (done.exit_code, simulator.requests) == (0, [])


def test_a_destination_that_is_not_there_is_told_so(cli: Cli, world: World) -> None:
    done = cli("destination", "test", "sp4n")
    assert (done.exit_code, "takes no connection" in done.stderr) == (1, True)


def test_vocabularies_are_read_and_kept(cli: Cli, world: World, tmp_path: Path) -> None:
    with running_sp4n(tmp_path):
        done = cli("destination", "sync", "sp4n")
        assert done.exit_code == 0, done.output
        assert "added 0" in cli("destination", "sync", "sp4n").stdout
    rows = json.loads(cli("destination", "terms", "sp4n", "--kind", "institution", "--json").stdout)
    assert "Kementerian Kesehatan" in {row["name"] for row in rows}
    assert listed(cli)["sp4n"]["synced_at"] is not None


def test_vocabularies_that_cannot_be_read_now_are_tried_later(cli: Cli, world: World) -> None:
    assert cli("destination", "sync", "sp4n").exit_code == 3


def test_a_destination_without_a_vocabulary_says_so(cli: Cli, world: World) -> None:
    done = cli("destination", "sync", "kemenkes")
    assert (done.exit_code, "no vocabulary" in done.stderr) == (0, True)


def test_a_new_shape_is_accepted_and_a_held_destination_goes_on(cli: Cli, world: World) -> None:
    cli("destination", "pause", "sp4n", "--reason", "shape changed: /id gone")
    done = cli("destination", "accept", "sp4n")
    assert (done.exit_code, "resumed" in done.stdout) == (0, True)
    again = cli("destination", "accept", "sp4n")
    assert (again.exit_code, "resumed" in again.stdout) == (0, False)
    assert cli("destination", "accept", "nobody").exit_code == 1
