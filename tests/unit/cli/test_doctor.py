"""`doctor`: each part on its own, and for whatever is wrong, how to mend it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.desk import ledger_of
from gateway.cli.examination import (
    STUCK_AFTER,
    examine_broker,
    examine_clock,
    examine_handoffs,
    examine_journal,
    examine_workers,
)
from gateway.cli.examined import Grade
from gateway.cli.file_examination import examine_scanner, examine_store
from gateway.cli.provider_examination import examine_provider
from gateway.ledger.repairs import redrive
from gateway.ledger.values import HandoffFilter
from gateway.settings import load_settings
from tests.fakes.clamd import Clamd
from tests.fakes.oidc import oidc_server
from tests.fakes.s3 import BUCKET, KEY_ID, REGION, SECRET, s3_server
from tests.unit.cli.world import Cli, World

NOW = datetime.now(UTC)


def examined(cli: Cli) -> dict[str, dict[str, Any]]:
    return {one["part"]: one for one in json.loads(cli("doctor", "--json").stdout)}


def test_every_part_is_looked_at(cli: Cli, world: World) -> None:
    parts = {"configuration", "disk", "ledger", "clock", "books", "workers", "journal", "handoffs", "broker"} | {
        "scanner",
        "files",
        "history",
    }
    assert set(examined(cli)) == parts | {"destination sp4n", "destination kemenkes"}


def test_a_destination_that_is_not_there_is_ill_and_nothing_is_sent(cli: Cli, world: World) -> None:
    done = cli("doctor")
    assert (done.exit_code, "takes no connection" in done.stdout) == (1, True)


def test_whatever_is_not_well_says_how_to_mend_it(cli: Cli, world: World) -> None:
    ailing = [one for one in examined(cli).values() if one["grade"] in (Grade.CARE, Grade.ILL)]
    assert ailing != []
    assert [one for one in ailing if not one["mend"]] == []


def test_an_uncertain_handoff_is_pointed_out(cli: Cli, world: World) -> None:
    found = examined(cli)["books"]
    assert (found["grade"], "1 uncertain" in found["told"]) == (Grade.CARE, True)


def test_books_that_do_not_balance_are_ill(cli: Cli, world: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as connection:
        connection.execute("DELETE FROM handoffs WHERE state = 'parked'")
    assert examined(cli)["books"]["grade"] == Grade.ILL


def test_every_mistake_in_the_configuration_is_a_finding(cli: Cli, world: World, tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    config.write_text(config.read_text("utf-8").replace("adapter: sp4n", "adapter: lapor"), "utf-8")
    done = cli("doctor")
    assert (done.exit_code, "lapor" in done.stdout) == (1, True)


def test_open_keys_are_ill(cli: Cli, world: World, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys.json").chmod(0o644)
    found = examined(cli)["configuration"]
    assert (found["grade"], "chmod 600" in found["told"]) == (Grade.ILL, True)


def test_a_ledger_that_is_not_there_hides_no_other_finding(cli: Cli, world: World, tmp_path: Path) -> None:
    (tmp_path / "data" / "ledger.sqlite").unlink()
    found = examined(cli)
    assert (found["ledger"]["grade"], "destination sp4n" in found) == (Grade.ILL, True)


def test_a_damaged_journal_hides_no_other_finding(cli: Cli, world: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as connection:
        connection.execute("UPDATE log_head SET frontier = x'00'")
    found = examined(cli)
    assert (found["journal"]["grade"], found["books"]["grade"]) == (Grade.ILL, Grade.CARE)


@pytest.mark.parametrize(("ahead", "grade"), [(timedelta(0), Grade.WELL), (timedelta(hours=-2), Grade.ILL)])
async def test_a_clock_that_went_back_is_ill(world: World, ahead: timedelta, grade: Grade) -> None:
    async with ledger_of(load_settings()) as ledger:
        assert (await examine_clock(ledger, datetime.now(UTC) + ahead)).grade is grade


async def test_nobody_at_work_is_to_be_looked_at(world: World) -> None:
    async with ledger_of(load_settings()) as ledger:
        assert (await examine_workers(ledger, NOW)).grade is Grade.CARE


async def test_records_that_nobody_signs_are_noticed(world: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as connection:
        for table in ("log_head", "log_batches", "checkpoints"):
            connection.execute(f"DELETE FROM {table}")
    async with ledger_of(load_settings()) as ledger:
        early, late = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-30, 2))
        assert (await examine_journal(ledger, early)).grade is Grade.WELL
        assert (await examine_journal(ledger, late)).grade is Grade.CARE


async def test_a_handoff_that_was_due_long_ago_is_stuck(world: World) -> None:
    async with ledger_of(load_settings()) as ledger:
        await ledger.write(redrive, HandoffFilter(destination="kemenkes"), "uji", datetime.now(UTC))
        later = datetime.now(UTC) + STUCK_AFTER + timedelta(minutes=1)
        found = await examine_handoffs(ledger, later)
        assert (found.grade, "1 to kemenkes" in found.told) == (Grade.ILL, True)
        assert (await examine_handoffs(ledger, datetime.now(UTC))).grade is Grade.WELL


async def test_a_broker_that_is_not_there_is_to_be_looked_at(world: World) -> None:
    settings = load_settings(broker_url="amqp://tamu:rahasia@127.0.0.1:1//")
    [found] = await examine_broker(settings)
    assert (found.grade, "rahasia" in found.told) == (Grade.CARE, False)


@pytest.mark.rabbitmq
async def test_a_broker_that_is_there_is_well(world: World) -> None:
    from tests.integration.backends import RABBITMQ, need_rabbitmq

    need_rabbitmq()
    [found] = await examine_broker(load_settings(broker_url=RABBITMQ))
    assert found.grade is Grade.WELL


async def test_the_scanner_is_off_or_answers_or_does_not() -> None:
    [off] = await examine_scanner(load_settings())
    assert (off.grade, off.told[:4]) == (Grade.NOTE, "off:")
    async with Clamd() as clamd:
        [well] = await examine_scanner(load_settings(scanner=clamd.address))
        assert (well.grade, well.told) == (Grade.WELL, "ClamAV 1.4.1/27500")
    [waits] = await examine_scanner(load_settings(scanner=clamd.address))
    assert (waits.grade, "cases with files wait" in waits.told) == (Grade.ILL, True)
    [goes] = await examine_scanner(load_settings(scanner=clamd.address, scanner_down="send"))
    assert (goes.grade, "unscanned" in goes.told) == (Grade.CARE, True)


async def test_an_object_store_is_tried_out_and_nothing_stays_there() -> None:
    account = {"files_store_key_id": KEY_ID, "files_store_secret": SECRET, "files_store_region": REGION}
    assert await examine_store(load_settings()) == []
    with s3_server() as (url, shelves):
        given = {"files_store": f"s3://{BUCKET}/uji", "files_store_endpoint": url, **account}
        [well] = await examine_store(load_settings(**given))
        assert (well.grade, shelves.objects) == (Grade.WELL, {})
        assert [method for method, _ in shelves.asked] == ["PUT", "GET", "DELETE"]
        [ill] = await examine_store(load_settings(**given | {"files_store_secret": "bukan"}))
        assert (ill.grade, "mend files_store_key_id" in ill.told, bool(ill.mend)) == (Grade.ILL, True, True)


async def test_a_sign_in_provider_is_asked_what_it_is() -> None:
    client = {"oidc_client_id": "konsol", "oidc_roles": "operasi=operator", "public_url": "http://konsol.example"}
    assert await examine_provider(load_settings()) == []
    with oidc_server(lambda: NOW) as there:
        [well] = await examine_provider(load_settings(oidc_issuer=there.issuer, **client))
        there.down = True
        [care] = await examine_provider(load_settings(oidc_issuer=there.issuer, **client))
        [ill] = await examine_provider(load_settings(oidc_issuer=there.issuer, password_sign_in=False, **client))
    assert (well.grade, well.told) == (Grade.WELL, "127.0.0.1 answers; keys by which it signs: 1")
    assert [(one.grade, "does not answer" in one.told, bool(one.mend)) for one in (care, ill)] == [
        (Grade.CARE, True, True),
        (Grade.ILL, True, True),
    ]
