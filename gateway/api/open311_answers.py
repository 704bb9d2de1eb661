"""How an Open311 client is answered: the documents of the specification, and its list of errors in the same format."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import wraps
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.georeport.formats import MEDIA_TYPES, written
from schemas.errors import Busy, Denied, GatewayError, Invalid, NotFound

Handler = Callable[..., Coroutine[Any, Any, Response]]

_NO_DETAIL = "the gateway failed; nothing was accepted. Send the same again later."
_UNAVAILABLE = 503


def document(name: str, value: Mapping[str, Any] | Sequence[Any], fmt: str, status: int = 200) -> Response:
    """A document in the format that the address names."""
    return Response(written(name, value, fmt), status, {"content-type": MEDIA_TYPES[fmt]})


def answered(handler: Handler) -> Handler:
    """The handler with its errors told as the specification tells them: 404 unknown, 403 key, otherwise 400."""

    @wraps(handler)
    async def tell(request: Request, *args: Any, **kwargs: Any) -> Response:
        fmt = str(kwargs.get("fmt", "xml"))
        try:
            if fmt not in MEDIA_TYPES:
                raise NotFound("there are two formats: .xml and .json")
            return await handler(request, *args, **kwargs)
        except GatewayError as error:
            return _told(error, fmt if fmt in MEDIA_TYPES else "xml")

    return tell


def one_or_missing(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was found. Raises NotFound for nothing."""
    if not found:
        raise NotFound("there is no request with this service_request_id, or it is not published")
    return found


def _told(error: GatewayError, fmt: str) -> Response:
    code = _code(error)
    told = [error.detail or _NO_DETAIL]
    if isinstance(error, Invalid) and error.errors:
        told = [f"{one['at']}: {one['problem']}" for one in error.errors]
    answer = document("errors", [{"code": code, "description": each} for each in told], fmt, code)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return answer


def _code(error: GatewayError) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Denied):
        return 403
    if isinstance(error, Busy):
        return _UNAVAILABLE
    return 400
