"""`demo`: the gateway at work, with nothing to install and nobody to ask."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.failures import FOUND_SOMETHING
from gateway.demo.place import FIRST_PORT, Place
from gateway.demo.run import demonstrate
from gateway.demo.sender import FIRST_PAUSE

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    data: Annotated[Path, typer.Option(help="Folder of everything it keeps; a second run goes on with it.")] = Path(
        "var"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the gateway.")] = 8080,
    port_base: Annotated[
        int, typer.Option(min=1, max=65000, help="First port of the simulated destinations and of the photos.")
    ] = FIRST_PORT,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two messages of the first pass.")] = FIRST_PAUSE,
    once: Annotated[bool, typer.Option("--once", help="End when every sample is sent and settled.")] = False,
) -> None:
    """Run everything here: the gateway, four simulated destinations that misbehave now and then, two channels, reports.

    Ctrl-C ends it: what is under way is finished, and the books are shown.
    """
    if not asyncio.run(demonstrate(Place(data, port, port_base), once=once, pause=pause)):
        raise typer.Exit(FOUND_SOMETHING)
