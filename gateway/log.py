"""Structured logs: events with keys, as JSON lines or for the eye. Identity and report text never get here."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import orjson
import structlog

_FORBIDDEN = frozenset(
    {"name", "phone", "email", "nik", "address", "content", "text", "title", "reporter", "body", "raw", "sender"}
)


def configure_logging(level: str = "info", form: str = "json", stream: TextIO | None = None) -> None:
    """Set up logging once, at the start of the process. `form` is `json` or `console`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    output = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold_identity,
        structlog.processors.format_exc_info,
    ]
    if form == "json":
        renderer: Any = structlog.processors.JSONRenderer(serializer=_json)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=output.isatty())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=output, format="%(name)s %(levelname)s %(message)s")


def withhold_identity(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the value of every key that could hold identity or report text, should one ever be passed by mistake."""
    for key in _FORBIDDEN & event.keys():
        event[key] = "[withheld]"
    return event


def _json(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
