"""`doctor`: every part of this installation looked at, and for whatever is wrong, how to mend it. Nothing is sent."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from gateway.cli.examination import examine
from gateway.cli.examined import Examined, Grade
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.say import print_json, tell
from gateway.settings import load_settings

app = typer.Typer(add_completion=False)

_MARKS = {Grade.WELL: ("✓", "green"), Grade.NOTE: ("•", "cyan"), Grade.CARE: ("!", "yellow"), Grade.ILL: ("✗", "red")}


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Examine this installation. Exits with 1 when something must be mended."""
    examined = asyncio.run(examine(load_settings()))
    if as_json:
        print_json([_document(one) for one in examined])
    else:
        for one in examined:
            _print(one)
    ill = sum(one.grade is Grade.ILL for one in examined)
    care = sum(one.grade is Grade.CARE for one in examined)
    if not as_json:
        tell("")
        tell(f"Harus diperbaiki / To be mended: {ill} · perlu perhatian / to be looked at: {care}")
    if ill:
        raise typer.Exit(FOUND_SOMETHING)


def _print(one: Examined) -> None:
    mark, style = _MARKS[one.grade]
    tell(f"{mark} {one.part}: {one.told}", style=style)
    if one.mend:
        tell(f"    → {one.mend}")


def _document(one: Examined) -> dict[str, Any]:
    return {"part": one.part, "grade": one.grade.value, "told": one.told, "mend": one.mend}
