"""The one address that nearly all requests are for, served without the framework's routing around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api.problems import on_gateway_error
from schemas.errors import GatewayError


@dataclass(frozen=True, slots=True)
class _Route:
    path: str


class Straight:
    """Pure ASGI middleware: POST to `path` goes straight to its endpoint, everything else on to the framework.

    What the framework puts around an endpoint (matching, dependencies, an exit stack, exception handlers by type)
    costs several times what parsing a report does. The endpoint is the router's own, which describes it too.
    """

    def __init__(self, app: ASGIApp, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = app
        self._path = path
        self._endpoint = endpoint
        self._route = _Route(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, an error of ours as the problem that it is."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["route"] = self._route
        request = Request(scope, receive)
        try:
            response = await self._endpoint(request)
        except GatewayError as error:
            response = await on_gateway_error(request, error)
        await response(scope, receive, send)
