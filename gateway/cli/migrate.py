"""`migrate`: the ledger's schema, brought to what this version needs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.say import tell
from gateway.ledger import Ledger
from gateway.settings import load_settings
from schemas.errors import Misconfigured

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if there is something to do.")
    ] = False,
) -> None:
    """Bring the ledger's schema up to date. Several at once wait for each other; running it again does nothing."""
    there, wanted = asyncio.run(_migrate(only_look=check))
    if there is not None and there > wanted:
        tell(f"Skema lebih baru dari versi ini / The schema is newer than this version: {there}, {wanted}")
        return
    if there == wanted:
        tell(f"Skema sudah mutakhir / The schema is up to date: {wanted}")
        return
    if check:
        tell(f"Skema tertinggal / The schema is behind: {there or 'nothing'} → {wanted}; run `sp4n-gateway migrate`")
        raise typer.Exit(FOUND_SOMETHING)
    tell(f"Skema dimutakhirkan / Migrated: {there or 'nothing'} → {wanted}")


async def _migrate(*, only_look: bool) -> tuple[str | None, str]:
    settings = load_settings()
    if settings.is_embedded and not only_look:
        Path(settings.ledger_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    ledger = await Ledger.open(settings.ledger_url)
    try:
        there, wanted = await ledger.schema_version(), ledger.head_version()
        if there != wanted and not only_look:
            await ledger.migrate()
        if there is not None and there >= wanted and (problem := await ledger.unfit()) is not None:
            raise Misconfigured(problem)
        return there, wanted
    finally:
        await ledger.close()
