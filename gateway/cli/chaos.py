"""`chaos`: a scratch copy of this installation is killed, cut off and lied to; then everything is counted."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from gateway.chaos.account import signed, table
from gateway.chaos.regime import Regime
from gateway.chaos.run import run_regime
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.say import note, tell
from gateway.keyring import KeyRing, load_key_ring
from gateway.settings import Settings, load_settings
from schemas.errors import Invalid

app = typer.Typer(add_completion=False)

_USUAL = Regime()


@app.command()
def chaos(
    reports: Annotated[int, typer.Option(min=1, help="How many reports are posted.")] = _USUAL.reports,
    kills: Annotated[int, typer.Option(min=0, help="How many kills fall among them.")] = _USUAL.kills,
    seed: Annotated[int, typer.Option(help="Decides every chance.")] = _USUAL.seed,
    minutes: Annotated[float, typer.Option(min=0.1, help="Post no longer than this.")] = _USUAL.minutes,
    settle: Annotated[float, typer.Option(min=1, help="Seconds in which all must come to rest.")] = _USUAL.settle,
    gateways: Annotated[int, typer.Option(min=1, help="Processes that take reports (PostgreSQL).")] = _USUAL.gateways,
    workers: Annotated[int, typer.Option(min=1, help="Processes that only work (PostgreSQL).")] = _USUAL.workers,
    own_servers: Annotated[
        bool, typer.Option("--own-servers", help="Start PostgreSQL and RabbitMQ for this run, and kill them too.")
    ] = False,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty database for the copy, instead of one made for it.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the copy; a temporary one unless named.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the signed report goes.")] = Path("chaos.txt"),
    force: Annotated[bool, typer.Option("--force", help="Replace a report that is there.")] = False,
) -> None:
    """Run the regime of faults against a scratch copy of this installation. Exits with 1 when a promise is broken.

    The copy has the configuration's destinations, played by simulators of the same conduct, and a ledger and queues of
    its own: nothing of the installation is touched, and nobody outside is called.
    """
    if out.exists() and not force:
        raise Invalid(f"{out} is there already; choose another name, or --force")
    settings = load_settings()
    regime = Regime(reports, kills, seed, minutes, settle, gateways, workers, own_servers=own_servers)
    folder = (data or Path(tempfile.mkdtemp(prefix="sp4n-gateway-chaos-"))).absolute()
    account = asyncio.run(run_regime(settings, regime, folder, note, database))
    tell(table(account).rstrip(), style="green" if account.whole else "red")
    ring = _ring(settings, folder)
    out.write_text(signed(account, ring.journal), encoding="utf-8")
    tell(f"Periksa / Verify: sp4n-gateway verify --chaos {out} --key '{ring.journal.verifier}'")
    if not account.whole:
        note(f"Salinannya tinggal untuk diperiksa / The copy stays to be looked at: {folder}")
        raise typer.Exit(FOUND_SOMETHING)


def _ring(settings: Settings, folder: Path) -> KeyRing:
    """The keys of the installation; without any, those of the copy, which is then said."""
    if settings.keys_path.exists():
        return load_key_ring(settings.keys_path)
    note("tanpa kunci instalasi, ditandatangani kunci salinan / no keys here: signed with those of the copy")
    return load_key_ring(folder / "data" / "keys.json")
