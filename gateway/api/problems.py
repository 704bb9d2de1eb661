"""Errors as RFC 9457 problem details: what happened, and what to do next."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas import errors

MEDIA_TYPE = "application/problem+json"

_TABLE: tuple[tuple[type[errors.GatewayError], int, str], ...] = (
    (errors.TooLarge, 413, "too-large"),
    (errors.Conflict, 409, "message-id-conflict"),
    (errors.Malformed, 400, "malformed"),
    (errors.Invalid, 422, "invalid"),
    (errors.BadSignature, 403, "bad-signature"),
    (errors.Forbidden, 403, "forbidden"),
    (errors.Unauthenticated, 401, "unauthenticated"),
    (errors.NotFound, 404, "not-found"),
    (errors.Overloaded, 429, "overloaded"),
    (errors.Busy, 503, "unavailable"),
    (errors.GatewayError, 500, "internal"),
)

_NEXT: dict[int, str] = {
    404: "There is nothing at this address. The addresses are listed at /openapi.json.",
    405: "This address does not take this method. The methods are listed at /openapi.json.",
    500: "The gateway failed; nothing was accepted. Send the same request again later, with the same message id.",
}


def problem(status: int, kind: str, detail: str, **members: Any) -> Response:
    """A problem document. `kind` completes the type `urn:sp4n-gateway:problem:<kind>`."""
    document = {
        "type": f"urn:sp4n-gateway:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return Response(orjson.dumps(document), status, media_type=MEDIA_TYPE)


def problem_of(error: errors.GatewayError) -> Response:
    """The problem document of one of our own errors."""
    status, kind = next((status, kind) for cls, status, kind in _TABLE if isinstance(error, cls))
    members: dict[str, Any] = {"errors": error.errors} if isinstance(error, errors.Invalid) and error.errors else {}
    if isinstance(error, errors.Conflict):
        members.update(error.context)
    response = problem(status, kind, error.detail or _NEXT.get(status, ""), **members)
    if isinstance(error, errors.Busy):
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, errors.Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="sp4n-gateway"'
    return response


async def on_gateway_error(_: Request, error: Exception) -> Response:
    """Handler for our own errors."""
    assert isinstance(error, errors.GatewayError)  # noqa: S101 - registered for this class only
    return problem_of(error)


async def on_http_error(_: Request, error: Exception) -> Response:
    """Handler for what the framework refuses by itself: unknown addresses and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    detail = _NEXT.get(error.status_code, str(error.detail))
    response = problem(error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "-"), detail)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def on_invalid(_: Request, error: Exception) -> Response:
    """Handler for parameters that the framework cannot read: place and problem of each, never what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    wrong = [{"at": ".".join(map(str, one["loc"])), "problem": str(one["msg"])} for one in error.errors()]
    return problem_of(errors.Invalid("a parameter is missing or wrong; see `errors`", wrong))


async def on_crash(_: Request, error: Exception) -> Response:
    """Handler of last resort: says nothing of the fault, which stands in the log."""
    return problem(500, "internal", _NEXT[500])
