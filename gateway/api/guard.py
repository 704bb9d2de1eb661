"""What holds for every request: an id, a place in a trace, and headers that keep a browser from guessing."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.spans import Spans
from gateway.traceparent import Trace, continued, current, parsed

_ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
]


class Guard:
    """Pure ASGI middleware (a wrapped request/response pair would cost five times the throughput)."""

    def __init__(self, app: ASGIApp, spans: Spans | None = None) -> None:
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to its answer, except those that it sets itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        if not _ACCEPTED_ID.match(request_id):
            request_id = os.urandom(8).hex().encode()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                named = {name for name, _ in own}
                added = [header for header in _HEADERS if header[0] not in named]
                message["headers"] = [*own, (b"x-request-id", request_id), *added]
            await send(message)

        header = next((value for name, value in scope["headers"] if name == b"traceparent"), b"").decode("latin-1")
        trace = continued(header, os.urandom(24))
        if self._spans is not None and parsed(header) is None and self._spans.wants(trace):
            trace = replace(trace, sampled=True)
        current.set(trace)  # of this request's own task: nothing to take back
        with structlog.contextvars.bound_contextvars(request=request_id.decode(), trace=trace.trace_id):
            if self._spans is None or not trace.sampled:
                await self._app(scope, receive, send_with_headers)
                return
            await _recorded(self._app, scope, receive, send_with_headers, self._spans, trace, header)


async def _recorded(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, spans: Spans, trace: Trace, header: str
) -> None:
    """Pass the request on, and record it as a span. The address is told by its route: a path may hold a code."""
    began, status = datetime.now(UTC), 500

    async def watched(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    try:
        await app(scope, receive, watched)
    finally:
        route = getattr(scope.get("route"), "path", "")
        above, told = parsed(header), {"http.route": route, "http.response.status_code": status}
        name = f"{scope['method']} {route}".strip()
        parent = above.span_id if above else None
        spans.ended(name, trace, parent, began, datetime.now(UTC), told, failed=status >= 500, inbound=True)
