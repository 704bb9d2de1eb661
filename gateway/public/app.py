"""Adding the pages to the application."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.public import desk, form, receipt, tracking
from gateway.public.state import Public


def add_pages(app: FastAPI, public: Public) -> FastAPI:
    """The application with the public pages."""
    app.state.public = public
    for router in (form.router, tracking.router, receipt.router, desk.router):
        app.include_router(router)
    return app
