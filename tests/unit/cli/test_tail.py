"""`tail`: every delivery once, in the order in which they were recorded."""

from __future__ import annotations

import json
from typing import Any

from gateway.cli.desk import ledger_of
from gateway.cli.tail import followed
from gateway.ledger.deliveries import Place, deliveries_after, last_deliveries, newest_delivery
from gateway.settings import load_settings
from tests.unit.cli.world import Cli, World


def told(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    done = cli("tail", "--no-follow", "--json", *arguments)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_last_deliveries_come_oldest_first(cli: Cli, world: World) -> None:
    every = told(cli, "-n", "100")
    assert [row["at"] for row in every] == sorted(row["at"] for row in every)
    assert told(cli, "-n", "2") == every[-2:]


def test_a_delivery_tells_what_the_destination_answered(cli: Cli, world: World) -> None:
    rows = told(cli, "-n", "100", "--destination", "kemenkes")
    assert [(row["tracking_code"], row["outcome"], row["state"]) for row in rows] == [
        (world.delivered, "delivered", "delivered"),
        (world.refused, "refused", "parked"),
    ]
    assert rows[0]["reference"].startswith("KEM-")


def test_lines_for_people_say_the_same(cli: Cli, world: World) -> None:
    said = cli("tail", "--no-follow", "-n", "100").stdout
    assert len(said.splitlines()) == len(told(cli, "-n", "100"))
    assert "refused http_422" in said


def test_nothing_is_shown_when_nothing_is_asked_for(cli: Cli, world: World) -> None:
    assert told(cli, "-n", "0") == []


async def test_following_from_the_beginning_gives_every_delivery_once(world: World) -> None:
    async with ledger_of(load_settings()) as ledger:
        every = await ledger.read(last_deliveries, 1000)
        stream = followed(ledger, Place())
        assert [await anext(stream) for _ in every] == every


async def test_nothing_comes_after_the_newest(world: World) -> None:
    async with ledger_of(load_settings()) as ledger:
        newest = await ledger.read(newest_delivery)
        assert await ledger.read(deliveries_after, newest) == []
        assert newest == (await ledger.read(last_deliveries, 1))[0].place
