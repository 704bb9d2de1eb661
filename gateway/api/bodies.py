"""Reading a request's body within a limit."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from schemas.errors import Malformed, TooLarge

PATIENCE = 60.0
"""Seconds that a sender may take for the body of one request."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as it is known to be over `limit` bytes, Malformed when it breaks off."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
    except ClientDisconnect as error:
        raise Malformed("the request broke off before its body was complete; send it again") from error
    except TimeoutError as error:
        raise Malformed(f"the body was not complete after {PATIENCE:g} seconds; send less at once") from error
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body is larger than {limit} bytes; send fewer reports or smaller files in one request")
