"""A key of a channel, an inbox or a person at the command line: shown once, revoked after a yes."""

from __future__ import annotations

import typer

from gateway.cli.asked import agreed
from gateway.cli.say import note, tell
from schemas.errors import NotFound


def show_once(key: str) -> None:
    """A new key, which nobody can show again."""
    note("Kunci ini hanya tampil sekali; simpan baik-baik / This key is shown only once; keep it safe:")
    tell(key)


def ask_to_revoke(key: str, *, known: bool, listed_by: str, yes: bool) -> None:
    """Return when a key is to be revoked. Raises NotFound for one that is not `known`, Exit for a no."""
    if not known:
        raise NotFound(f"there is no key with the id {key}; see `{listed_by}`")
    if not agreed(f"Cabut kunci {key} / Revoke key {key}?", yes=yes):
        raise typer.Exit(1)
