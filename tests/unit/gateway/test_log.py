"""What stands in the log, and what never may."""

from __future__ import annotations

import errno
import io
import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog
from pydantic import ValidationError

from gateway.log import configure_logging, told
from schemas.errors import Busy
from schemas.report import Reporter

SECRET = "3201014101900001"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    before = structlog.get_config()
    handlers, level = logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    yield stream
    structlog.configure(**before)
    logging.root.handlers[:], logging.root.level = handlers, level


def validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Reporter.model_validate({"nik": SECRET + "x"})
    return caught.value


def test_an_event_is_one_line_of_json_with_its_keys(lines: io.StringIO) -> None:
    structlog.get_logger().info("handoff.delivered", handoff="h-1", status=200)
    written = orjson.loads(lines.getvalue())
    assert {key: written[key] for key in ("event", "level", "handoff", "status")} == {
        "event": "handoff.delivered",
        "level": "info",
        "handoff": "h-1",
        "status": 200,
    }


def test_what_could_hold_identity_is_withheld(lines: io.StringIO) -> None:
    structlog.get_logger().info("report.kept", name="Sari Contoh", phone="+6281200000001", content="isi laporan")
    assert not [word for word in ("Sari", "62812", "isi laporan") if word in lines.getvalue()]


def test_the_text_of_a_foreign_exception_is_never_written(lines: io.StringIO) -> None:
    error = validation_error()
    assert SECRET in str(error)
    busy = Busy("try again")
    busy.__cause__ = error
    structlog.get_logger().error("dispatch.failed", exc_info=busy)
    assert SECRET not in lines.getvalue()
    assert "Busy(try again)" in lines.getvalue()
    assert "ValidationError" in lines.getvalue()


def test_libraries_are_held_to_the_same(lines: io.StringIO) -> None:
    try:
        raise validation_error()
    except ValidationError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "ValidationError" in lines.getvalue()
    assert SECRET not in lines.getvalue()


def test_an_exception_that_was_never_raised_has_no_place() -> None:
    assert told(ValueError("x")) == "ValueError at no place"


class FullDisk(io.StringIO):
    is_full = True

    def flush(self) -> None:
        if self.is_full:
            self.truncate(0)
            self.seek(0)
            raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_stops_nobody_and_the_gap_is_told(lines: io.StringIO) -> None:
    disk = FullDisk()
    configure_logging("info", "json", disk)
    log = structlog.get_logger()
    for _ in range(3):
        log.warning("ledger.unavailable")
    disk.is_full = False
    log.info("handoff.delivered")
    log.info("handoff.delivered")
    told_of = [orjson.loads(line) for line in disk.getvalue().splitlines()]
    assert [(one["event"], one.get("lines")) for one in told_of] == [
        ("log.gap", 3),
        ("handoff.delivered", None),
        ("handoff.delivered", None),
    ]
    disk.close()
    log.info("handoff.delivered")
