"""`verify`: no recorded handoff was changed, removed, added or moved; or which one was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.bundle import told as told_of_bundle
from gateway.bundle import verify_bundle
from gateway.citizen_receipt import told as told_of_receipt
from gateway.citizen_receipt import verify_receipt
from gateway.cli.chaos_account import verify_account
from gateway.cli.desk import Desk, at_desk
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.progress import Steps
from gateway.cli.say import clean, complain, note, print_json, tell
from gateway.evidence import Verification
from gateway.findings import INDONESIAN, Finding
from gateway.ledger.measures import keep_verification
from gateway.notes import InvalidNote, Verifier, parse_verifier
from gateway.operations.rows import verification_document
from gateway.verifying import verify_watched
from schemas.errors import Invalid

app = typer.Typer(add_completion=False)


@app.command()
def verify(
    bundle: Annotated[Path | None, typer.Option(help="Verify this evidence bundle instead of the ledger.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="Check this citizen's receipt instead of the ledger.")] = None,
    chaos: Annotated[Path | None, typer.Option(help="Check this report of a chaos run instead of the ledger.")] = None,
    key: Annotated[
        list[str] | None, typer.Option(metavar="VKEY", help="Public key of the journal; of a rotated one, each.")
    ] = None,
    since: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A checkpoint kept elsewhere that must be continued.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Keep the checkpoint that was reached in this file, if all is well.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify the journal against the ledger, an evidence bundle or a receipt. Exits with 1 and names each finding.

    Without --key the keys of this installation are trusted; to verify for others, give the key that was published.
    """
    kept = [_text(path) for path in since or ()]
    if bundle is not None:
        _verify_file(bundle, key or [], kept)
        return
    if receipt is not None:
        _verify_receipt(receipt, key or [])
        return
    if chaos is not None:
        verify_account(chaos, key or [])
        return
    found, note_text = at_desk(lambda desk: _verify_ledger(desk, key or [], kept))
    _print(found, as_json=as_json)
    if not found.whole:
        raise typer.Exit(FOUND_SOMETHING)
    if save is not None and note_text is not None:
        save.write_text(note_text, encoding="utf-8")
        note(f"Checkpoint disimpan / kept in {save}; bawa ke tempat lain / take it somewhere else.")


async def _verify_ledger(desk: Desk, keys: list[str], against: list[str]) -> tuple[Verification, str | None]:
    trusted = tuple(_verifier(key) for key in keys) or desk.ring().trusted
    with Steps("verify") as steps:
        found, latest = await desk.ledger.read(verify_watched, trusted, trusted[0].name, against, steps)
    if not keys:
        await desk.ledger.write(keep_verification, desk.actor, found.origin, found.size, desk.now, found.whole)
    return found, latest


def _verify_file(bundle: Path, keys: list[str], against: list[str]) -> None:
    if not keys:
        raise Invalid("--bundle needs --key, the public key as it was published: `sp4n-gateway keys show` prints it")
    try:
        report = verify_bundle(bundle, keys, against)
    except (OSError, InvalidNote) as error:
        raise Invalid(f"the bundle cannot be verified: {error}") from error
    tell(told_of_bundle(report).rstrip(), style="green" if report.whole else "red")
    if not report.whole:
        raise typer.Exit(FOUND_SOMETHING)


def _verify_receipt(receipt: Path, keys: list[str]) -> None:
    if not keys:
        raise Invalid("--receipt needs --key, the public key as it was published: `sp4n-gateway keys show` prints it")
    try:
        report = verify_receipt(receipt, keys)
    except (OSError, InvalidNote) as error:
        raise Invalid(f"the receipt cannot be verified: {error}") from error
    tell(told_of_receipt(report).rstrip(), style="green" if report.genuine else "red")
    if not report.genuine:
        raise typer.Exit(FOUND_SOMETHING)


def _print(found: Verification, *, as_json: bool) -> None:
    if as_json:
        print_json(verification_document(found))
        return
    told = (
        f"{found.origin}: {found.size} catatan / records, {found.attempts} percobaan / attempts, "
        f"{found.results} hasil / results, {found.checkpoints} checkpoints, {found.handoffs} handoffs"
    )
    if found.waiting:
        told += f" · {found.waiting} belum ditandatangani / not signed yet"
    tell(told)
    if found.whole:
        tell("UTUH / INTACT", style="green")
        return
    lines = [_line(finding) for finding in found.findings]
    complain(f"TIDAK UTUH / NOT INTACT ({found.found})", "keep the ledger as it is; each finding:", lines)


def _line(finding: Finding) -> str:
    return clean(f"{INDONESIAN[finding.problem]} / {finding.problem}: {finding.sentence}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"the checkpoint {path} cannot be read: {error}") from error


def _verifier(key: str) -> Verifier:
    try:
        return parse_verifier(key)
    except InvalidNote as error:
        raise Invalid(f"{key!r} is no public key of a journal: {error}") from error
