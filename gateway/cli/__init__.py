"""The command `sp4n-gateway`: everything that operations does from a terminal."""

from __future__ import annotations

import gc

_COLLECT_AFTER = (50_000, 20, 100)
"""So many new objects, then rounds of the younger: imports and reports make many that live long or die at once."""


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(*_COLLECT_AFTER)
    from gateway.cli.tree import app

    app(prog_name="sp4n-gateway")
