"""The ASGI application: which addresses there are and what each is wired to.

The intake routes take the bare request and return a ready response: FastAPI's dependency and response machinery costs
ten times the validation itself. Their OpenAPI description is given by hand from the same schemas. The busiest of them
is reached without the framework (see `straight`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from gateway import __version__
from gateway.api import cases, figures, health, inbox, open311, openapi, operators, reports, webhooks
from gateway.api.guard import Guard
from gateway.api.ops.routes import router as operations
from gateway.api.problems import on_crash, on_gateway_error, on_http_error, on_invalid
from gateway.api.state import Face
from gateway.api.straight import Straight
from schemas.errors import GatewayError

DESCRIPTION = "Hands citizens' reports on to SP4N-LAPOR! and the ministries, and can prove it."


def build_api(face: Face, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None) -> FastAPI:
    """The application around what it serves."""
    app = FastAPI(
        title="sp4n-gateway",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Guard, spans=getattr(face, "spans", None)),
            Middleware(Straight, path=reports.POSTED, endpoint=reports.post_reports),
        ],
    )
    app.state.face = face
    _handle_errors(app)
    routers = (
        reports.router,
        webhooks.router,
        cases.router,
        figures.router,
        inbox.router,
        open311.router,
        operators.router,
        operations,
        health.router,
    )
    for router in routers:
        app.include_router(router)
    app.openapi = lambda: openapi.described(app)  # type: ignore[method-assign]
    return app


def _handle_errors(app: FastAPI) -> None:
    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (GatewayError, on_gateway_error),
        (HTTPException, on_http_error),
        (RequestValidationError, on_invalid),
        (Exception, on_crash),
    )
    for error, handler in handlers:
        app.add_exception_handler(error, handler)
