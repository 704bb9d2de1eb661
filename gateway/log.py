"""Structured logs: events with keys, as JSON lines or for the eye. Identity and report text never get here.

Exceptions are told by their types and places only: their texts can quote what was being worked on (a validation error
its input, a database error its parameters). Our own errors are told whole: their texts hold no identity by contract.

A line that cannot be written (a full disk, a reader that went away) is lost and counted: telling stops nobody's work.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from threading import Lock
from typing import Any, TextIO

import orjson
import structlog

from schemas.errors import GatewayError

_FORBIDDEN = frozenset(
    {"name", "phone", "email", "nik", "address", "content", "text", "title", "reporter", "body", "raw", "sender"}
)
_WITHHELD = "[withheld]"


def configure_logging(level: str = "info", form: str = "json", stream: TextIO | None = None) -> None:
    """Set up logging once, at the start of the process. `form` is `json` or `console`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    output = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold_identity,
        tell_exception,
    ]
    if form == "json":
        renderer: Any = structlog.processors.JSONRenderer(serializer=_json)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=output.isatty())
    lines = _Lines(output)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )
    _quiet_libraries(max(number, logging.WARNING), output)


def withhold_identity(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the value of every key that could hold identity or report text, should one be passed by mistake."""
    for key in _FORBIDDEN & event.keys():
        event[key] = _WITHHELD
    return event


def tell_exception(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Put what `told` says of the exception in the place of `exc_info`."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else sys.exc_info()[1]
    if info and error is not None:
        event["exception"] = told(error)
    return event


def told(error: BaseException) -> str:
    """An exception, and those it came from, by type and place, without the texts of foreign ones."""
    return " ← ".join(_one(each) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = ", ".join(f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames[-8:])
    text = f"({error.detail})" if isinstance(error, GatewayError) else ""
    return f"{type(error).__name__}{text} at {places or 'no place'}"


class _Lines:
    """Writes each line at once. After a gap it says how many were lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._lost = 0

    def msg(self, message: str) -> None:
        """Write a line."""
        with self._lock:
            gap = f'{{"event": "log.gap", "lines": {self._lost}}}\n' if self._lost else ""
            try:
                self._stream.write(f"{gap}{message}\n")
                self._stream.flush()
            except (OSError, ValueError):  # ValueError: the stream is closed
                self._lost += 1
            else:
                self._lost = 0

    debug = info = warning = error = critical = msg


class _WithoutTexts(logging.Formatter):
    """The standard library's formatter, for what libraries log, with exceptions told as ours are."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        return told(ei[1]) if ei[1] is not None else ""


def _quiet_libraries(level: int, output: TextIO) -> None:
    handler = logging.StreamHandler(output)
    handler.setFormatter(_WithoutTexts("%(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _json(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
