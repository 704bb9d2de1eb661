"""`openapi`: the OpenAPI document of the HTTP face."""

from __future__ import annotations

from typing import Any, cast

import typer

from gateway.api.app import build_api
from gateway.cli.say import print_json

app = typer.Typer(add_completion=False)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document; docs/openapi.json is made with it."""
    print_json(document())


def document() -> dict[str, Any]:
    """The document. It needs no gateway behind the face: nothing is served."""
    return build_api(cast("Any", None)).openapi()
