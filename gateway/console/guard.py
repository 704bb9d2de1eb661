"""What holds for every page: a session, a permission, a form's token, and headers that bind the browser's hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.desk import BASE, Desk, is_open
from gateway.console.sessions import COOKIE, SIGN_IN_COOKIE, is_ours, signed_in
from gateway.console.visit import Form, Visit
from gateway.roles import Permission, may
from schemas import errors

log = structlog.get_logger("gateway.console")

FORM_BYTES = 256 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_STATUS: tuple[tuple[type[errors.GatewayError], int], ...] = (
    (errors.TooLarge, 413),
    (errors.Conflict, 409),
    (errors.BadInput, 422),
    (errors.Denied, 403),
    (errors.NotFound, 404),
    (errors.Busy, 503),
    (errors.GatewayError, 500),
)
Handler = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the console. `permission` None: anybody may see it, signed in or not."""

    method: str
    path: str
    handler: Handler
    permission: Permission | None

    def route(self) -> Route:
        """As the framework takes it."""

        async def endpoint(request: Request) -> Response:
            return dressed(await _entered(self, request))

        return Route(self.path, endpoint, methods=[self.method], name=f"{self.method} {self.path}")


def dressed(response: Response) -> Response:
    """The response with the headers that every page has."""
    response.headers.update(HEADERS)
    return response


async def _entered(page: Page, request: Request) -> Response:
    desk: Desk = request.app.state.desk
    visit = Visit(desk, request, None, desk.clock.now())
    try:
        signed = await signed_in(desk, request)
        visit = Visit(desk, request, signed, desk.clock.now())
        if page.permission is not None and signed is None:
            return await _to_sign_in(visit)
        if page.permission is not None and signed is not None and not may(signed.role, page.permission):
            return refused(visit, errors.Forbidden(visit.told("error.forbidden")))
        if page.method == "POST":
            visit = Visit(desk, request, signed, visit.now, await _form(visit))
        return await page.handler(visit)
    except errors.GatewayError as error:
        return refused(visit, error)


def refused(visit: Visit, error: errors.GatewayError) -> Response:
    """The page of an error: what happened, and what to press next."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    log.info("console.refused", path=visit.request.url.path, status=status, error=type(error).__name__)
    return visit.page("error.html", status, code=status, detail=error.detail)


async def _to_sign_in(visit: Visit) -> Response:
    if not await is_open(visit.desk):
        raise errors.NotFound(visit.told("error.no_users"))
    url = visit.request.url
    wanted = url.path + (f"?{url.query}" if url.query else "")
    address = f"{BASE}/sign-in?{urlencode({'next': wanted})}" if visit.request.method == "GET" else f"{BASE}/sign-in"
    if visit.is_part:
        return Response(status_code=204, headers={"hx-redirect": f"{BASE}/sign-in"})
    return RedirectResponse(address, 303)


async def _form(visit: Visit) -> Form:
    """What a form sent. Raises Forbidden when it does not carry the token of this browser's session."""
    body = b""
    async for chunk in visit.request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise errors.TooLarge(visit.told("error.too_large"))
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    cookie = COOKIE if visit.signed else SIGN_IN_COOKIE
    if not is_ours((form.get("csrf") or [""])[0], visit.request.cookies.get(cookie, "")):
        raise errors.Forbidden(visit.told("error.form"))
    return form
