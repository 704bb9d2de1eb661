"""HTTP faces that do nothing: one of bare ASGI, and one of the web framework with the report's schema."""

from __future__ import annotations

from fastapi import FastAPI, Response
from starlette.types import Receive, Scope, Send

from schemas.report import ReportSubmission

_HEAD = {"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"2")]}
_BODY = {"type": "http.response.body", "body": b"{}"}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body to its end, then answer."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send(_HEAD)
    await send(_BODY)


framework = FastAPI()


@framework.post("/reports", status_code=202)
async def take(report: ReportSubmission) -> Response:
    """Read the report by its schema, then answer."""
    return Response(b"{}", 202, media_type="application/json")
