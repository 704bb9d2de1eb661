"""`import`: the reports of a table, from Excel or CSV."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from adapters.channels.batch.adapter import ADAPTER
from adapters.channels.batch.columns import TEMPLATE, Columns, columns_of
from adapters.contract import InboundRequest
from gateway.access_book import HeldChannel
from gateway.app import Gateway, config_of, opened
from gateway.batch.rejects import PROBLEM, ROW, Rejects
from gateway.batch.run import Take, Tally, import_rows
from gateway.batch.table import Table, open_table
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.progress import Steps
from gateway.cli.say import note, tell
from gateway.intake import Accepted
from gateway.log import configure_logging
from gateway.route.returning import NATIONAL, goes_back, is_lapors_export
from gateway.settings import load_settings
from schemas.errors import GatewayError, Invalid

app = typer.Typer(add_completion=False)

_INTERRUPTED = 130

_Channel = Annotated[str | None, typer.Option(help="The channel that the reports come from; of the kind batch.")]
_Again = Annotated[bool, typer.Option("--again", help="Hand LAPOR!'s own export to LAPOR! once more, and mean it.")]
_Template = Annotated[bool, typer.Option("--template", help="Print the headers of a table to fill in.")]


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="An .xlsx or .csv file.")] = None,
    channel: _Channel = None,
    maps: Annotated[
        list[str] | None, typer.Option("--map", metavar="HEADER=FIELD", help="Which field a column is, by its header.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of the workbook; else the first.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only look; keep nothing.")] = False,
    again: _Again = False,
    template: _Template = False,
) -> None:
    """Take in the reports of a table: LAPOR!'s own export, or any with headers that say what is what.

    Safe to repeat, whole or interrupted: a row that was taken is known by its number, or by what it says. Rows that
    cannot be taken are written to FILE.errors, to be mended and imported. Exits with 1 if there are such rows.
    """
    if template:
        csv.writer(sys.stdout).writerow(TEMPLATE)
        return
    if file is None or (channel is None and not check):
        raise Invalid("say what and where: sp4n-gateway import FILE --channel NAME (or --template, or FILE --check)")
    named = _pairs(maps or ())
    table = open_table(file, lambda row: _judged(row, named), sheet)
    columns = columns_of(table.header.cells, named)
    _say_columns(table, columns)
    if channel is not None and not check and not again and is_lapors_export(table.header.cells):
        _refuse_to_return(channel)
    tally = Tally()
    with Rejects(table) as rejects:
        try:
            asyncio.run(_all(table, columns, channel if not check else None, rejects, tally))
        except KeyboardInterrupt:
            _say(tally, rejects, "Terhenti, ulangi perintah yang sama / Interrupted, repeat the same command")
            raise typer.Exit(_INTERRUPTED) from None
        except GatewayError:
            _say(tally, rejects, "Belum selesai, ulangi perintah yang sama / Not finished, repeat the same command")
            raise
        _say(tally, rejects, "Hanya diperiksa / Only looked at" if check else "Selesai / Done")
    if tally.wrong:
        raise typer.Exit(FOUND_SOMETHING)


def _refuse_to_return(channel: str) -> None:
    """LAPOR! would have each of its own reports twice. Raises Invalid."""
    config = config_of(load_settings())
    national = {name for name, one in config.destinations.items() if one.kind.name in NATIONAL}
    if back := goes_back(channel, config.rules, national):
        raise Invalid(
            f"LAPOR!'s own export, and channel {channel} hands on to {', '.join(back)}: it would be twice there. "
            f"Add a rule `when: {{channels: [{channel}]}}` with `only: true` that sends it elsewhere; or say --again"
        )


async def _all(table: Table, columns: Columns, channel: str | None, rejects: Rejects, tally: Tally) -> None:
    with Steps(table.path.name) as steps:
        if channel is None:
            await import_rows(table, columns.fields, _look, rejects, tally, steps.advance)
            return
        settings = load_settings()
        configure_logging("warning", settings.log_format)
        async with opened(settings) as gateway:
            held = await _held(gateway, channel)
            if not settings.broker_url.startswith("memory:"):
                gateway.doorbell.start()
            await import_rows(table, columns.fields, _taking(gateway, held), rejects, tally, steps.advance)


def _taking(gateway: Gateway, channel: HeldChannel) -> Take:
    async def take(fields: Mapping[str, str]) -> Accepted:
        request = InboundRequest("POST", "", {}, {}, orjson.dumps(fields), gateway.intake.now())
        [accepted] = await gateway.intake.take(channel, request)
        return accepted

    return take


async def _look(fields: Mapping[str, str]) -> None:
    ADAPTER.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(fields), datetime.now(UTC)))


async def _held(gateway: Gateway, name: str) -> HeldChannel:
    channel = await gateway.access.any_channel(name)
    if channel.closed or channel.kind != ADAPTER.kind:
        why = "is closed" if channel.closed else f"is of the kind {channel.kind}"
        raise Invalid(f"channel {name} {why}; make one with `sp4n-gateway channel add NAME --adapter {ADAPTER.kind}`")
    return channel


def _judged(row: Iterable[str], named: Mapping[str, str]) -> int:
    """How many columns a row names, if one of them tells what happened."""
    cells = list(row)
    there = {header: field for header, field in named.items() if header in cells}
    columns = columns_of(cells, there)
    return len(columns.places) if columns.tell_what_happened else 0


def _pairs(given: Iterable[str]) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in given]
    wrong = [field for header, equals, field in pairs if not equals or not header]
    if wrong:
        raise Invalid(f"--map is written HEADER=FIELD, not {wrong[0]!r}")
    return {header: field for header, _, field in pairs}


def _say_columns(table: Table, columns: Columns) -> None:
    """Which columns are read, and which are not, so that a wrong guess is seen before it does harm."""
    places = {place: field for field, place in columns.places.items()}
    names = [(place, name.strip()) for place, name in enumerate(table.header.cells) if name.strip()]
    read = [f"{name} → {places[place]}" for place, name in names if place in places]
    rest = [name for place, name in names if place not in places and name not in (ROW, PROBLEM)]
    note(f"Kolom / Columns (baris / row {table.header.number}): {', '.join(read)}")
    if rest:
        note(f"Tidak dibaca / Not read: {', '.join(rest)}")


def _say(tally: Tally, rejects: Rejects, how: str) -> None:
    tell(
        f"{how}: {tally.read} dibaca / read, {tally.kept} baru / new, {tally.known} sudah ada / known, "
        f"{tally.wrong} salah / wrong"
    )
    written = rejects.write()
    if written is not None:
        tell(f"Perbaiki dan impor lagi / Mend and import again: {written}")
