"""`worker`: hands off what is due, beside any number of others."""

from __future__ import annotations

from typing import Annotated

import typer
import uvloop

from gateway.cli.logs import start_logging
from gateway.cli.tether import hold_on_to_stdin
from gateway.process import work
from gateway.settings import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def worker(
    tethered: Annotated[bool, typer.Option(hidden=True, help="Leave when standard input closes.")] = False,
) -> None:
    """Run a worker only, until SIGTERM or Ctrl-C; then finish what is in hand and leave."""
    settings = load_settings()
    start_logging(settings)
    if tethered:
        hold_on_to_stdin()
    uvloop.run(work(settings))
