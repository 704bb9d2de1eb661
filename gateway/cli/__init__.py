"""The command `sp4n-gateway`: everything that operations does from a terminal."""

from __future__ import annotations


def main() -> None:
    """Run the command line of this process."""
    from gateway.cli.tree import app

    app(prog_name="sp4n-gateway")
