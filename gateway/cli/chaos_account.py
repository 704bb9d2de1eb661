"""`verify --chaos`: whether the report of a chaos run is as it was signed, and what it says."""

from __future__ import annotations

from pathlib import Path

import typer

from gateway.chaos.account import opened
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.say import complain, tell
from gateway.keyring import load_key_ring
from gateway.notes import InvalidNote, parse_verifier
from gateway.settings import load_settings
from schemas.errors import Invalid


def verify_account(path: Path, keys: list[str]) -> None:
    """Print the table of a signed report. Exits with 1 when it was altered, or says that a promise was broken.

    Without keys those of this installation are trusted. Raises Invalid for a file or a key that cannot be read.
    """
    try:
        trusted = tuple(map(parse_verifier, keys)) or load_key_ring(load_settings().keys_path).trusted
        note = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, InvalidNote) as error:
        raise Invalid(f"the report cannot be verified: {error}") from error
    try:
        document, shown = opened(note, trusted)
    except InvalidNote as error:
        complain("TIDAK ASLI / NOT GENUINE", str(error))
        raise typer.Exit(FOUND_SOMETHING) from error
    tell(shown)
    tell(f"ASLI / GENUINE: {document['began']} – {document['ended']}", style="green")
    if document["broken_count"]:
        raise typer.Exit(FOUND_SOMETHING)
