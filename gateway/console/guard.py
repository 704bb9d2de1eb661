"""What holds for every page: a session, a permission, a form's token, and headers that bind the browser's hands."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.addresses import Page
from gateway.console.desk import BASE, Desk, is_open
from gateway.console.forms import HERE, NAME, TOKEN, Fields, Returned, shown_again
from gateway.console.kept import Kept, forget_kept, keep, kept_for
from gateway.console.sessions import COOKIE, SIGN_IN_COOKIE, Signed, is_ours, signed_in, whose
from gateway.console.telling import FORM_EXPIRED, told_off
from gateway.console.visit import Visit
from gateway.roles import may
from schemas import errors

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


def route_of(page: Page) -> Route:
    """A page as the framework takes it."""

    async def endpoint(request: Request) -> Response:
        return dressed(await _entered(page, request))

    return Route(page.path, endpoint, methods=[page.method], name=f"{page.method} {page.path}")


def dressed(response: Response) -> Response:
    """The response with the headers that every page has."""
    response.headers.update(HEADERS)
    return response


async def _entered(page: Page, request: Request) -> Response:
    desk: Desk = request.app.state.desk
    visit = Visit(desk, request, None, desk.clock.now())
    try:
        if page.method == "POST":
            visit = replace(visit, form=await _form(visit))
        signed = await signed_in(desk, request)
        visit = replace(visit, signed=signed)
        if page.permission is not None and signed is None:
            return await _to_sign_in(visit)
        if page.permission is not None and signed is not None and not may(signed.role, page.permission):
            raise errors.Forbidden(visit.told("error.forbidden"))
        return await _answered(page, visit, signed)
    except errors.GatewayError as error:
        return await told_off(request.app.state.pages, visit, error)


async def _answered(page: Page, visit: Visit, signed: Signed | None) -> Response:
    """What the page answers; with a form that came too late, once its user has signed in again."""
    if page.method == "POST":
        cookie = COOKIE if signed else SIGN_IN_COOKIE
        if not is_ours(visit.field(TOKEN), visit.request.cookies.get(cookie, "")):
            raise errors.Forbidden("the form does not carry the token of this session", cause=FORM_EXPIRED)
        return await page.handler(visit)
    kept = kept_for(visit.desk, visit.request, signed.name) if signed and page.is_page and not visit.by_script else None
    if kept is None or kept.here != visit.here:
        return await page.handler(visit)
    late = Returned(kept.form, kept.typed, {"": visit.told("returned.session")}, 200)
    response = await page.handler(replace(visit, form=kept.typed, returned=late))
    forget_kept(visit.desk, response)
    return response


async def _to_sign_in(visit: Visit) -> Response:
    """To the page to sign in at, and from there back; what was typed meanwhile is kept for the same user."""
    if not await is_open(visit.desk):
        raise errors.NotFound(visit.told("error.no_users"))
    if visit.by_script:
        open_page = urlsplit(visit.request.headers.get("hx-current-url", ""))
        wanted = open_page.path + (f"?{open_page.query}" if open_page.query else "")
        return Response(status_code=204, headers={"hx-redirect": _sign_in(wanted)})
    ours = is_ours(visit.field(TOKEN), visit.request.cookies.get(COOKIE, ""))
    here = visit.here if visit.request.method == "GET" else visit.field(HERE) if ours else ""
    response = RedirectResponse(_sign_in(here), 303)
    user = await whose(visit.desk, visit.request) if ours else None
    if user is not None:
        kept = Kept(visit.field(HERE), visit.field(NAME), shown_again(visit.form))
        keep(visit.desk, response, user, kept)
    return response


def _sign_in(wanted: str) -> str:
    return f"{BASE}/sign-in" + (f"?{urlencode({'next': wanted})}" if wanted else "")


async def _form(visit: Visit) -> Fields:
    """What a form sent. Raises TooLarge."""
    body = b""
    async for chunk in visit.request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise errors.TooLarge(visit.told("error.too_large"))
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
