"""Spans for OpenTelemetry, from a channel's request to each attempt; the library is loaded only where wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gateway.traceparent import Trace
from schemas.errors import Misconfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_NAME = "sp4n-gateway"


class Spans:
    """Makes spans whose ids are those that were sent in `traceparent`. Without it nothing is made and nothing is paid.

    `share` of the traces that begin here are recorded, 0 to 1; one that came recorded is recorded on.
    """

    def __init__(self, exporter: SpanExporter, share: float) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON

        self._ids = _Ids()
        resource = Resource.create({"service.name": _NAME})
        self._provider = TracerProvider(sampler=ALWAYS_ON, id_generator=self._ids.generator, resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(_NAME)
        self._below = int(share * (1 << 64))

    def wants(self, trace: Trace) -> bool:
        """Whether a trace that begins here is recorded: decided by its id, so that everybody decides alike."""
        return int(trace.trace_id[16:], 16) < self._below

    def ended(
        self,
        name: str,
        trace: Trace,
        parent: str | None,
        began: datetime,
        until: datetime,
        attributes: Mapping[str, str | int],
        *,
        failed: bool = False,
        inbound: bool = False,
    ) -> None:
        """Record a span that is over, if its trace is recorded. `parent` is the id of the span above it."""
        if not trace.sampled:
            return
        from opentelemetry.trace import SpanKind, Status, StatusCode

        self._ids.given(trace)
        span = self._tracer.start_span(
            name,
            context=_context(trace, parent),
            kind=SpanKind.SERVER if inbound else SpanKind.CLIENT,
            attributes=dict(attributes),
            start_time=_nanoseconds(began),
        )
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(_nanoseconds(until))

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def spans_of(endpoint: str | None, share: float) -> Spans | None:
    """Spans that go to a collector's address for traces (OTLP over HTTP); None without one. Raises Misconfigured."""
    if endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise Misconfigured("otel_endpoint needs the extra `otel`: pip install 'sp4n-gateway[otel]'") from error
    return Spans(OTLPSpanExporter(endpoint=endpoint), share)


class _Ids:
    """Gives the next span the ids that were already sent, in place of new ones."""

    def __init__(self) -> None:
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

        class Generator(RandomIdGenerator):
            trace: Trace | None = None

            def generate_span_id(self) -> int:
                return int(self.trace.span_id, 16) if self.trace else super().generate_span_id()

            def generate_trace_id(self) -> int:
                return int(self.trace.trace_id, 16) if self.trace else super().generate_trace_id()

        self.generator = Generator()

    def given(self, trace: Trace) -> None:
        """The ids of the span that is made next."""
        self.generator.trace = trace


def _context(trace: Trace, parent: str | None) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    if parent is None:
        return Context()
    above = SpanContext(int(trace.trace_id, 16), int(parent, 16), is_remote=True, trace_flags=TraceFlags(1))
    return set_span_in_context(NonRecordingSpan(above), Context())


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000
