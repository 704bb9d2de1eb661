"""`settings`: the settings in force, with secrets masked."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer

from gateway.cli.say import listing
from gateway.settings import Settings, load_settings, variable

app = typer.Typer(add_completion=False)

_HEADINGS = {"name": "setting", "value": "value", "variable": "variable", "set": "set"}
_MASK = "***"


@app.command()
def settings(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print the settings in force and the variable that changes each. Passwords are masked."""
    found = load_settings()
    rows = [_row(found, name) for name in Settings.model_fields]
    rows.append({"name": "(ledger)", "value": masked(found.ledger_url), "variable": "", "set": False})
    listing(rows, _HEADINGS, as_json=as_json, empty="")


def masked(value: str) -> str:
    """An address without its password."""
    parts = urlsplit(value)
    if parts.password is None:
        return value
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{_MASK}@{host}"))


def _row(found: Settings, name: str) -> dict[str, Any]:
    value = getattr(found, name)
    shown = masked(value) if isinstance(value, str) and "://" in value else value
    if shown and name.endswith("_secret"):
        shown = _MASK
    told = shown if isinstance(shown, int | float | bool | str | None) else str(shown)
    return {"name": name, "value": told, "variable": variable(name), "set": name in found.model_fields_set}
