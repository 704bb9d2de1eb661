"""`serve`: the HTTP face, and a worker beside it unless told otherwise."""

from __future__ import annotations

from typing import Annotated

import typer
import uvloop

from gateway.cli.logs import start_logging
from gateway.cli.say import note
from gateway.cli.tether import hold_on_to_stdin
from gateway.serving import serve as serve_gateway
from gateway.settings import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; SP4N_GATEWAY_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; SP4N_GATEWAY_PORT.")] = None,
    worker: Annotated[bool, typer.Option(help="Work in this process too.")] = True,
    tethered: Annotated[bool, typer.Option(hidden=True, help="Leave when standard input closes.")] = False,
) -> None:
    """Run the HTTP face, and a worker beside it, until SIGTERM or Ctrl-C; then finish what is in hand and leave."""
    settings = load_settings(host=host, port=port)
    start_logging(settings)
    if tethered:
        hold_on_to_stdin()
    uvloop.run(serve_gateway(settings, with_worker=worker, started=_say_where))


def _say_where(address: str) -> None:
    note(f"Menerima laporan di / Taking reports at {address}")
