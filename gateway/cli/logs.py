"""Starting the log of a long-running command as its settings say."""

from __future__ import annotations

from gateway.log import configure_logging
from gateway.settings import Settings


def start_logging(settings: Settings) -> None:
    """Log to stderr from here on."""
    configure_logging(settings.log_level, settings.log_format)
