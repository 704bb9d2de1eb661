"""A process that was started by another leaves with it: the other holds the end of its standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading


def hold_on_to_stdin() -> None:
    """End this process as SIGTERM would, as soon as its standard input closes. However the parent went, it did."""
    threading.Thread(target=_watch, name="tether", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
