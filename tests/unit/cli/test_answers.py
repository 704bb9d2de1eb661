"""`clocks`, `figures` and `report timeline`: what became of reports, without what was written unless for a reason."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.app import keeping_of, opened
from gateway.clocks import Calendar
from gateway.ledger.cases import cases_of_report
from gateway.ledger.views import show_report
from gateway.ledger.watching import begin_watches
from gateway.receipts.keeping import About, keep
from gateway.receipts.striking import strike
from gateway.settings import load_settings
from schemas.status import CaseEvent, EventKind, EventSource
from tests.integration.month import FakeClock
from tests.unit.cli.world import Cli, World, environ_of

SAID = "Sudah kami perbaiki di <b>Cibiru</b>"


@pytest.fixture
def answered(world: World, tmp_path: Path) -> World:
    """The world a month later: one case answered, the others not."""
    asyncio.run(_answer(world, tmp_path))
    return world


async def _answer(world: World, folder: Path) -> None:
    environ = environ_of(folder)
    settings = load_settings(config_file=Path(environ["SP4N_GATEWAY_CONFIG"]), data_dir=folder / "data")
    clock = FakeClock()
    async with opened(settings, clock) as gateway:
        record = await gateway.ledger.read(show_report, world.delivered)
        assert record is not None
        clock.at = record.report.received_at + timedelta(hours=1)
        tools = keeping_of(gateway)
        await gateway.ledger.write(begin_watches, clock.at, {}, 100)
        case = (await gateway.ledger.read(cases_of_report, record.report.id))[0]
        about = About(record.report.id, case.handoff.id, case.handoff.destination, case.key)
        answer = CaseEvent(key="1", kind=EventKind.ANSWER, status_name="Selesai", text=SAID)
        assert await keep(tools, about, EventSource.CALLBACK, [answer]) == 1
        clock.at += timedelta(days=30)
        await strike(tools, Calendar())


def test_the_timeline_says_what_happened_and_what_was_written_only_for_a_reason(cli: Cli, answered: World) -> None:
    plain = cli("report", "timeline", answered.delivered)
    refused = cli("report", "timeline", answered.delivered, "--reveal")
    revealed = cli("report", "timeline", answered.delivered, "--reveal", "--reason", "keberatan warga")

    assert [done.exit_code == 0 for done in (plain, refused, revealed)] == [True, False, True]
    assert "Selesai" in plain.stdout
    assert "Sudah kami perbaiki" not in plain.stdout
    assert "Sudah kami perbaiki di Cibiru" in revealed.stdout
    assert "keberatan warga" in cli("report", "show", answered.delivered).stdout


def test_the_timeline_as_json_is_the_one_that_the_channel_is_given(cli: Cli, answered: World) -> None:
    entries = json.loads(cli("report", "timeline", answered.delivered, "--json").stdout)["entries"]

    assert [entry["kind"] for entry in entries if entry["source"]] == ["answer"]
    assert {entry["kind"] for entry in entries} == {"received", "handed_over", "answer"}


def test_clocks_that_ran_out_stand_in_every_list(cli: Cli, answered: World) -> None:
    broken = json.loads(cli("clocks", "list", "--state", "broken", "--json").stdout)
    listed = json.loads(cli("handoff", "list", "--json").stdout)
    record = json.loads(cli("report", "show", answered.delivered, "--json").stdout)
    told = cli("report", "show", answered.delivered).stdout

    assert {row["clock"] for row in broken} == {"verification"}
    late = {row["handoff_id"] for row in broken}
    assert {row["id"] for row in listed if row["clock"] == "broken: verification"} == late
    assert {clock["state"] for clock in record["clocks"]} == {"met", "broken"}
    assert "verification · broken" in told
    assert cli("clocks", "list", "--clock", "resolution").exit_code == 0


def test_figures_are_a_table_json_or_csv(cli: Cli, answered: World) -> None:
    rows = json.loads(cli("figures", "--by", "destination", "--by", "channel", "--json").stdout)
    table = cli("figures", "--by", "destination", "--by", "channel", "--csv").stdout

    assert sorted(row["followed_up"] for row in rows) == [0, 1]
    assert all(row["followup_rate"] == round(row["followed_up"] / row["cases"], 4) for row in rows)
    assert table.splitlines()[0].split(",")[:3] == ["destination", "channel", "cases"]
    assert "followup rate" in cli("figures").stdout
