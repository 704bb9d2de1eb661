"""The console as an application of its own, mounted beside the API."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import Desk
from gateway.console.guard import dressed, route_of
from gateway.console.routes import PAGES
from gateway.console.sessions import Signed, signed_in
from gateway.console.visit import Visit


def build_console(desk: Desk) -> Starlette:
    """The application around what it works with."""
    app = Starlette(
        routes=[route_of(page) for page in PAGES],
        exception_handlers={HTTPException: _on_unknown, Exception: _on_crash},
    )
    app.state.desk = desk
    app.state.pages = PAGES
    return app


async def _on_unknown(request: Request, error: Exception) -> Response:
    """An address or a method that there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _page(request, status, "error.nothing_here", await signed_in(request.app.state.desk, request))


async def _on_crash(request: Request, error: Exception) -> Response:
    """The last resort: says nothing of the fault, which stands in the log."""
    return _page(request, 500, "error.crash")


def _page(request: Request, status: int, key: str, signed: Signed | None = None) -> Response:
    desk: Desk = request.app.state.desk
    visit = Visit(desk, request, signed, desk.clock.now())
    return dressed(
        visit.page("error.html", status, here="/", code=status, detail=visit.told(key), again=False, back="")
    )
