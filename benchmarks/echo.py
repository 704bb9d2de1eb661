"""The bare ceiling of an HTTP face: an ASGI application that reads a request and answers 202, and does nothing else."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

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
