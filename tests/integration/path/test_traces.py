"""A trace goes from the channel's request through the ledger to each attempt, in the log, and to a collector."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from structlog.testing import capture_logs

from gateway.traceparent import parsed
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import Plan, installation

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADER = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector of traces that keeps what it is sent."""
    got: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", got
        server.shutdown()
        thread.join()


async def test_a_trace_goes_from_the_request_to_each_attempt(tmp_path: Path) -> None:
    with collector() as (address, got), backend(EMBEDDED, tmp_path) as made, capture_logs() as lines:
        plan = Plan(settings={"otel_endpoint": address, "otel_share": 0.0})
        async with installation(tmp_path, made, plan) as it:
            it.api.headers["traceparent"] = HEADER
            [accepted] = await it.post({"message_id": "m1", "content": CONTENT})
            await it.settled(accepted["tracking_code"])
            record = await it.record(accepted["tracking_code"])
    kept = parsed(record.report.trace)
    assert kept is not None
    assert (kept.trace_id, kept.sampled, kept.header == HEADER) == (TRACE_ID, True, False)
    ended = [line for line in lines if line["event"] == "handoff.delivered"]
    assert {line["trace"] for line in ended} == {TRACE_ID}
    spans = b"".join(got)
    assert [row.id for row in record.attempts if row.id.bytes[8:] not in spans] == []
    assert (spans.count(bytes.fromhex(TRACE_ID)), b"POST /v1/reports" in spans) == (len(record.attempts) + 1, True)
