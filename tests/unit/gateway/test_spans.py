"""Spans carry the ids that were sent, hang where they belong, and are made only where they are wanted."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.middleware import Middleware

from gateway.api.guard import Guard
from gateway.spans import Spans, spans_of
from gateway.traceparent import Trace, current

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TRACE = Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", sampled=True)
ABOVE = "aaaaaaaaaaaaaaaa"


def finished(spans: Spans, exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    spans.close()
    return list(exporter.get_finished_spans())


def test_a_span_has_the_ids_that_were_sent_and_its_own_times() -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(exporter, 0.0)
    spans.ended("attempt create", TRACE, ABOVE, NOW, NOW + timedelta(seconds=2), {"step": "create"}, failed=True)
    (span,) = finished(spans, exporter)
    context, parent = span.get_span_context(), span.parent
    assert context is not None
    assert parent is not None
    assert (f"{context.trace_id:032x}", f"{context.span_id:016x}") == (TRACE.trace_id, TRACE.span_id)
    assert (f"{parent.span_id:016x}", (span.end_time or 0) - (span.start_time or 0)) == (ABOVE, 2_000_000_000)
    assert (span.status.is_ok, dict(span.attributes or {})) == (False, {"step": "create"})


def test_what_is_not_recorded_makes_no_span() -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(exporter, 1.0)
    spans.ended("attempt", Trace(TRACE.trace_id, TRACE.span_id), None, NOW, NOW, {})
    assert (finished(spans, exporter), spans.wants(TRACE)) == ([], True)


def test_without_a_collector_there_are_none_and_the_library_is_not_loaded() -> None:
    assert spans_of(None, 1.0) is None
    program = "import sys, gateway.app; print('opentelemetry.sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def served(spans: Spans | None) -> httpx.AsyncClient:
    """A face with one address, which says where in a trace it is."""
    app = FastAPI(middleware=[Middleware(Guard, spans=spans)])

    @app.get("/reports/{code}")
    async def show(code: str) -> str | None:
        trace = current.get()
        return trace.header if trace else None

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://gateway")


async def test_a_request_is_a_span_under_the_one_that_it_names() -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(exporter, 0.0)
    kept = (await served(spans).get("/reports/K7RM", headers={"traceparent": TRACE.header})).json()
    (span,) = finished(spans, exporter)
    context, parent = span.get_span_context(), span.parent
    assert context is not None
    assert parent is not None
    assert (f"{parent.span_id:016x}", span.name) == (TRACE.span_id, "GET /reports/{code}")
    assert kept == f"00-{TRACE.trace_id}-{context.span_id:016x}-01"


@pytest.mark.parametrize(("share", "flag"), [(1.0, "01"), (0.0, "00")])
async def test_a_request_without_a_trace_begins_one(share: float, flag: str) -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(exporter, share)
    kept = (await served(spans).get("/reports/K7RM")).json()
    assert (kept[-2:], len(finished(spans, exporter))) == (flag, int(flag))
