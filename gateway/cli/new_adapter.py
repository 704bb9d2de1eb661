"""`new-adapter`: a folder to start from, whose contract tests pass before a line is changed."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.registering import registered
from gateway.cli.say import note, tell
from schemas.errors import Invalid

app = typer.Typer(add_completion=False)

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ENDING = ".tmpl"


class Kind(StrEnum):
    """What can be started."""

    CHANNEL = "channel"
    DESTINATION = "destination"


@app.command("new-adapter")
def new_adapter(
    kind: Annotated[Kind, typer.Argument(help="What it is for.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and underscores: line_oa.")],
    into: Annotated[Path, typer.Option(help="Root of the checkout.")] = Path(),
) -> None:
    """Copy the template of an adapter into the checkout and register it: one visible line."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"{name!r} cannot name an adapter: use small letters, digits and underscores")
    table = into / "adapters" / f"{kind.value}s" / "__init__.py"
    folder = table.parent / name
    if not table.exists():
        raise Invalid(f"{into.absolute()} is no checkout of the gateway: {table} is not there; see --into")
    if folder.exists():
        raise Invalid(f"{folder} is there already")
    text = registered(table.read_text(encoding="utf-8"), kind.value, name)
    written = _copy(files("gateway.cli").joinpath("templates", kind.value), folder, name)
    table.write_text(text, encoding="utf-8")
    tell("\n".join(str(path) for path in (*written, table)))
    note(f"Uji / Test: pytest tests/contracts -k {name}; lalu ubah / then change it, its fixtures and its README.")


def _copy(template: Traversable, folder: Path, name: str) -> list[Path]:
    """The template's files with the adapter's name in them; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for part in sorted(template.iterdir(), key=lambda each: each.name):
        if part.is_dir():
            written += _copy(part, folder / part.name, name)
        elif part.name.endswith(_ENDING):
            path = folder / part.name.removesuffix(_ENDING)
            path.write_text(_filled(part.read_text(encoding="utf-8"), name), encoding="utf-8")
            written.append(path)
    return written


def _filled(text: str, name: str) -> str:
    words = "".join(word.capitalize() for word in name.split("_"))
    return text.replace("AdapterName", words).replace("adapter_name", name)
