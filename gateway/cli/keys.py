"""`keys`: the encryption and signing keys of this installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.asked import agreed
from gateway.cli.desk import Desk, at_desk
from gateway.cli.progress import Steps
from gateway.cli.rewrapping import rewrap_all
from gateway.cli.say import note, print_json, print_table, tell
from gateway.keyring import journal_rotated, load_key_ring, make_key_ring, rotated, save_key_ring, without_master
from gateway.ledger.keys import count_by_master
from gateway.settings import load_settings
from schemas.errors import Misconfigured

app = typer.Typer(add_completion=False, no_args_is_help=True)

_HEADINGS = {"id": "master key", "place": "place", "keys": "keys and secrets under it"}


@app.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show which keys there are, by id and by what lies under each; and the public key that verifies the journal."""

    async def work(desk: Desk) -> None:
        ring = desk.ring()
        under = await desk.ledger.read(count_by_master)
        masters = [
            {"id": master.id, "place": "former" if number else "current", "keys": under.get(master.id, 0)}
            for number, master in enumerate(ring.master)
        ]
        trusted = [str(verifier) for verifier in ring.trusted]
        if as_json:
            print_json({"origin": ring.origin, "master": masters, "verifiers": trusted})
            return
        print_table(masters, _HEADINGS)
        tell("Kunci publik jurnal / Public keys of the journal, the current one first:")
        for verifier in trusted:
            tell(f"  {verifier}")

    at_desk(work)


@app.command()
def make(
    file: Annotated[Path | None, typer.Option(help="Where; otherwise where the settings say.")] = None,
    origin: Annotated[str | None, typer.Option(help="Name of the journal: lapor.example.go.id/gateway, say.")] = None,
) -> None:
    """Make the key file of a new installation. One that is there is never overwritten."""
    path = file or load_settings().keys_path
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = make_key_ring(os.urandom, origin)
    save_key_ring(ring, path)
    tell(f"Berkas kunci dibuat / Key file made: {path}")
    tell(f"Kunci publik jurnal / Public key of the journal: {ring.journal.verifier}")
    note("Salin ke tempat lain yang aman: tanpa itu data tidak terbaca / Keep a copy elsewhere: nothing replaces it.")


@app.command()
def rotate(
    journal: Annotated[bool, typer.Option("--journal", help="The signing key of the journal instead.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a new master key (or signing key) in front. What lies under the old one stays readable; then run `rewrap`."""
    path = load_settings().keys_path
    ring = load_key_ring(path)
    if not agreed(f"Ganti kunci di {path} / Rotate the keys in {path}?", yes=yes):
        raise typer.Exit(1)
    new = journal_rotated(ring, os.urandom) if journal else rotated(ring, os.urandom)
    save_key_ring(new, path, replace_existing=True)
    tell(
        f"Kunci publik jurnal / New public key: {new.journal.verifier}"
        if journal
        else f"Kunci baru / New key: {new.master[0].id}"
    )
    note("Mulai ulang setiap proses; simpan salinan berkas kunci / Restart every process; keep a copy of the key file.")


@app.command()
def rewrap(
    drop: Annotated[bool, typer.Option("--drop", help="Then drop the former master keys from the key file.")] = False,
) -> None:
    """Put every key and secret of the ledger under the current master key. Safe to interrupt and to run again."""

    async def work(desk: Desk) -> None:
        ring = desk.ring()
        with Steps("rewrap") as steps:
            done = await rewrap_all(desk, ring, steps)
        tell(f"Dibungkus ulang / Rewrapped: {done}")
        left = await desk.ledger.read(count_by_master)
        left.pop(ring.master[0].id, None)
        if not drop:
            return
        if left:
            raise Misconfigured(
                f"{sum(left.values())} keys still lie under former master keys; run `keys rewrap` again"
            )
        for former in ring.master[1:]:
            ring = without_master(ring, former.id)
        save_key_ring(ring, desk.settings.keys_path, replace_existing=True)
        tell("Kunci lama dihapus / Former master keys dropped.")

    at_desk(work)
