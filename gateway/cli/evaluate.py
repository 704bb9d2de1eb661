"""`evaluate`: how good screening and classification are on labelled messages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.labelled import labelled_messages
from gateway.cli.measures import judged, measures
from gateway.cli.say import print_json, print_table, tell
from schemas.base import Json

app = typer.Typer(add_completion=False)

_NAMES = {
    "genuine": "Laporan sungguhan / Genuine reports",
    "junk": "Bukan laporan / No reports",
    "categories": "Kategori induk / Parent categories",
}
_BINS = {"from": "DARI/FROM", "messages": "PESAN/MESSAGES", "probability": "YAKIN/SURE", "right": "BENAR/RIGHT"}
_PAIRS = {"messages": "PESAN/MESSAGES", "real": "SEBENARNYA/REAL", "suggested": "SARAN/SUGGESTED"}


@app.command()
def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON lines or CSV: text, and if known title, label (genuine, junk), parent_category."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure screening and classification on labelled messages. Nothing is stored, no text is printed."""
    found = measures([judged(row) for row in labelled_messages(file)])
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Json]) -> None:
    for part, name in _NAMES.items():
        if part in found:
            figures = {key: value for key, value in found[part].items() if key != "messages"}
            tell(f"{name}: {found[part]['messages']}", style="bold")
            for key, value in figures.items():
                tell(f"  {key.replace('_', ' '):24} {'-' if value is None else format(value, '.1%')}")
    if "calibration" in found:
        error = found["calibration"]["expected_error"]
        tell(f"Kalibrasi / Calibration: galat / expected error {error:.3f}", style="bold")
        print_table(found["calibration"]["bins"], _BINS)
    if found.get("confusion"):
        tell("Yang tertukar / Confused", style="bold")
        print_table(found["confusion"], _PAIRS)
